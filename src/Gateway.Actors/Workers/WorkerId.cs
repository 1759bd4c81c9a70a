using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;

namespace Gateway.Actors.Workers;

/// <summary>
/// Identity of a worker. It follows from the worker's place, so that all gateways know a worker by the same id, also after a restart:
/// one may list the workers, another be told to drain one of them. It survives re-births (see <see cref="Worker.Epoch"/>) and edits (see
/// <see cref="Worker.Revision"/>).
/// </summary>
public readonly record struct WorkerId(Guid Value) : IComparable<WorkerId>
{
    /// <summary>The id of the worker in this place.</summary>
    public static WorkerId Of(WorkerUrl url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return Named(Encoding.UTF8.GetBytes(url.Place));
    }

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
        Span<byte> name = stackalloc byte[20];
        Value.TryWriteBytes(name, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(name[16..], rank);
        return Named(name);
    }

    /// <summary>A UUID of version 8, which leaves the rule to us (RFC 9562, section 5.8).</summary>
    private static WorkerId Named(ReadOnlySpan<byte> name)
    {
        const int Version8 = 0x80;
        const int Variant = 0x80;
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
