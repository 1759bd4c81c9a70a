using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Peers;

/// <summary>
/// A digest on the wire, little-endian:
/// <code>
/// version u8, fingerprint of the secret u64, models u16
///   model:  bytes of name u16, name in UTF-8, workers u16
///     worker: id 16 bytes, keys u16, keys u64 each
/// </code>
/// Keys stand for whole prefixes, so their order says nothing. The version also speaks for <see cref="PageGrid"/> and
/// <see cref="PageHash"/>: gateways that cut or hash otherwise do not understand each other's keys.
/// </summary>
internal static class PlacementDigest
{
    public const byte Version = 1;

    /// <summary>Of a model's name in UTF-8. Models with longer ones are not told of.</summary>
    public const int MostNameBytes = 1024;

    /// <summary>At most; half of what Akka.NET's remoting lets through in one message as delivered (128,000 bytes).</summary>
    public const int MostBytes = 64 * 1024;

    public const int HeadBytes = 1 + sizeof(ulong) + sizeof(ushort);
    public const int ModelBytes = 2 * sizeof(ushort);
    public const int WorkerBytes = 16 + sizeof(ushort);

    public static byte[] Write(ulong fingerprint, IReadOnlyDictionary<string, Dictionary<WorkerId, HashSet<ulong>>> models)
    {
        var output = new ArrayBufferWriter<byte>(MostBytes);
        output.Write([Version]);
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(sizeof(ulong)), fingerprint);
        output.Advance(sizeof(ulong));
        WriteCount(output, models.Count);
        foreach (var (model, workers) in models)
        {
            WriteCount(output, Encoding.UTF8.GetByteCount(model));
            Encoding.UTF8.GetBytes(model, output);
            WriteCount(output, workers.Count);
            foreach (var (worker, keys) in workers)
            {
                worker.Value.TryWriteBytes(output.GetSpan(16), bigEndian: true, out _);
                output.Advance(16);
                WriteCount(output, keys.Count);
                foreach (var key in keys)
                {
                    BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(sizeof(ulong)), key);
                    output.Advance(sizeof(ulong));
                }
            }
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads all of it to <paramref name="placed"/>, or nothing.</summary>
    /// <param name="payload">From a peer, and not to be trusted.</param>
    /// <param name="fingerprint">Of this gateway's secret.</param>
    /// <param name="placed">Gets each worker of each model.</param>
    public static DigestOutcome Read(ReadOnlySpan<byte> payload, ulong fingerprint, Action<string, WorkerId, ulong[]> placed)
    {
        if (payload.Length is < HeadBytes or > MostBytes)
            return DigestOutcome.Garbage;
        if (payload[0] != Version)
            return DigestOutcome.OtherVersion;
        if (BinaryPrimitives.ReadUInt64LittleEndian(payload[1..]) != fingerprint)
            return DigestOutcome.OtherSecret;
        var body = payload[(HeadBytes - sizeof(ushort))..];
        if (!TryRead(body, null))
            return DigestOutcome.Garbage;
        TryRead(body, placed);
        return DigestOutcome.Learned;
    }

    private static bool TryRead(ReadOnlySpan<byte> rest, Action<string, WorkerId, ulong[]>? placed)
    {
        if (!TryReadCount(ref rest, out var models))
            return false;
        for (; models > 0; models--)
        {
            if (!TryReadCount(ref rest, out var nameBytes) || nameBytes > MostNameBytes || !TryTake(ref rest, nameBytes, out var name)
                || !TryReadCount(ref rest, out var workers))
                return false;
            var model = placed is null ? "" : Encoding.UTF8.GetString(name);
            for (; workers > 0; workers--)
            {
                if (!TryTake(ref rest, 16, out var id) || !TryReadCount(ref rest, out var count) || !TryTake(ref rest, count * sizeof(ulong), out var keys))
                    return false;
                placed?.Invoke(model, new WorkerId(new Guid(id, bigEndian: true)), KeysOf(keys));
            }
        }

        return rest.IsEmpty;
    }

    private static ulong[] KeysOf(ReadOnlySpan<byte> bytes)
    {
        var keys = new ulong[bytes.Length / sizeof(ulong)];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(ulong))..]);
        return keys;
    }

    private static void WriteCount(ArrayBufferWriter<byte> output, int count)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(output.GetSpan(sizeof(ushort)), checked((ushort)count));
        output.Advance(sizeof(ushort));
    }

    private static bool TryReadCount(ref ReadOnlySpan<byte> rest, out int count)
    {
        count = 0;
        if (!TryTake(ref rest, sizeof(ushort), out var bytes))
            return false;
        count = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, int count, out ReadOnlySpan<byte> taken)
    {
        taken = default;
        if (count > rest.Length)
            return false;
        taken = rest[..count];
        rest = rest[count..];
        return true;
    }
}
