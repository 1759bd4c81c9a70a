using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;

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

    /// <summary>
    /// The id of one of its data-parallel ranks. It follows from the two, so that a rank is the same one after each rebirth, and
    /// sessions find it again.
    /// </summary>
    internal WorkerId OfRank(int rank)
    {
        const int Version8 = 0x80;
        const int Variant = 0x80;
        Span<byte> name = stackalloc byte[20];
        Value.TryWriteBytes(name, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(name[16..], rank);
        Span<byte> id = stackalloc byte[16];
        XxHash128.Hash(name, id);
        id[6] = (byte)((id[6] & 0x0F) | Version8);
        id[8] = (byte)((id[8] & 0x3F) | Variant);
        return new WorkerId(new Guid(id, bigEndian: true));
    }

    public int CompareTo(WorkerId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString("D", CultureInfo.InvariantCulture);

    public static bool operator <(WorkerId left, WorkerId right) => left.CompareTo(right) < 0;

    public static bool operator >(WorkerId left, WorkerId right) => left.CompareTo(right) > 0;

    public static bool operator <=(WorkerId left, WorkerId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(WorkerId left, WorkerId right) => left.CompareTo(right) >= 0;
}
