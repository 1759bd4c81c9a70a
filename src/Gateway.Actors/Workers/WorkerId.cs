using System.Globalization;

namespace Gateway.Actors.Workers;

/// <summary>
/// Identity of a worker for as long as it is registered. It survives re-births (see <see cref="Worker.Epoch"/>)
/// and edits (see <see cref="Worker.Revision"/>), and is never given to another worker.
/// </summary>
public readonly record struct WorkerId(Guid Value) : IComparable<WorkerId>
{
    public static WorkerId New() => new(Guid.NewGuid());

    public static bool TryParse(ReadOnlySpan<char> text, out WorkerId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new WorkerId(value);
        return parsed;
    }

    public int CompareTo(WorkerId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);

    public static bool operator <(WorkerId left, WorkerId right) => left.CompareTo(right) < 0;

    public static bool operator >(WorkerId left, WorkerId right) => left.CompareTo(right) > 0;

    public static bool operator <=(WorkerId left, WorkerId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(WorkerId left, WorkerId right) => left.CompareTo(right) >= 0;
}
