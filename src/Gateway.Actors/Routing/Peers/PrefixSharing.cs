using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Peers;

/// <summary>
/// What gateways tell each other of prefixes: which pages of prompts each has newly sent to which worker. Whoever learns of it finds them as if it had
/// sent them itself (docs/decisions/prefixes-across-gateways.md). One for a gateway, given to its registry; whoever carries digests calls
/// <see cref="TakeDigest"/> and <see cref="Learn"/>, from one thread at a time.
/// </summary>
public sealed class PrefixSharing
{
    private readonly Lock _gate = new();
    private readonly ulong _fingerprint;
    private volatile Dictionary<string, PlacementChannel> _channels = new(StringComparer.Ordinal);
    private volatile PlacementChannel[] _byNumber = [];

    /// <param name="secret">
    /// The same for all gateways of a cluster, and known to nobody else: whoever knows it can make prompts that are taken for each other.
    /// </param>
    public PrefixSharing(ReadOnlySpan<byte> secret)
    {
        Hash = PageHash.Shared(secret);
        Span<byte> fingerprint = stackalloc byte[sizeof(ulong)];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, fingerprint, salt: [], info: "fingerprint"u8);
        _fingerprint = BinaryPrimitives.ReadUInt64LittleEndian(fingerprint);
    }

    /// <summary>Placements that peers are not told of, because too many came between two digests.</summary>
    public long Dropped => Log.Dropped;

    internal PageHash Hash { get; }

    internal PlacementLog Log { get; } = new();

    /// <summary>What was placed since the last call, at most 64 KiB of it.</summary>
    /// <returns>Null if there is nothing more; until then, more digests wait.</returns>
    public byte[]? TakeDigest()
    {
        var models = new Dictionary<string, Dictionary<WorkerId, HashSet<ulong>>>(StringComparer.Ordinal);
        var keys = new List<ulong>();
        var room = PlacementDigest.MostBytes - PlacementDigest.HeadBytes;
        while (Log.TryTake(KeysThatFit(room), out var number, out var worker, keys))
        {
            var model = _byNumber[number].Model;
            ref var workers = ref CollectionsMarshal.GetValueRefOrAddDefault(models, model, out var isKnownModel);
            ref var its = ref CollectionsMarshal.GetValueRefOrAddDefault(workers ??= [], worker, out var isKnownWorker);
            its ??= [];
            room += its.Count * sizeof(ulong);
            its.UnionWith(keys);
            keys.Clear();
            room -= (its.Count * sizeof(ulong)) + (isKnownWorker ? 0 : PlacementDigest.WorkerBytes);
            if (!isKnownModel)
                room -= PlacementDigest.ModelBytes + Encoding.UTF8.GetByteCount(model);
        }

        return models.Count == 0 ? null : PlacementDigest.Write(_fingerprint, models);
    }

    /// <summary>Puts into the indexes what a peer has told.</summary>
    public DigestOutcome Learn(ReadOnlySpan<byte> digest) => PlacementDigest.Read(digest, _fingerprint, Learn);

    /// <returns>Null if the model's name is too long to be told.</returns>
    internal PlacementChannel? ChannelOf(string model)
    {
        if (Encoding.UTF8.GetByteCount(model) > PlacementDigest.MostNameBytes)
            return null;
        lock (_gate)
        {
            if (_channels.TryGetValue(model, out var channel))
                return channel;
            channel = new PlacementChannel(this, _byNumber.Length, model);
            _byNumber = [.. _byNumber, channel];
            _channels = new Dictionary<string, PlacementChannel>(_channels, StringComparer.Ordinal) { [model] = channel };
            return channel;
        }
    }

    /// <summary>Even if neither its model nor its worker has been named before.</summary>
    private static int KeysThatFit(int room) =>
        Math.Max(0, room - PlacementDigest.ModelBytes - PlacementDigest.MostNameBytes - PlacementDigest.WorkerBytes) / sizeof(ulong);

    private void Learn(string model, WorkerId worker, ulong[] keys)
    {
        if (_channels.TryGetValue(model, out var channel))
            channel.Learn(worker, keys);
    }
}
