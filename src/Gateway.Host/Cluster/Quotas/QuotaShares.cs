using System.Buffers.Binary;
using Gateway.Actors.Cluster;

namespace Gateway.Host.Cluster.Quotas;

/// <summary>
/// Has the gateways of a cluster keep limits together: each tells the others what it is asked for, and takes of each limit the share that
/// <see cref="FairShares"/> gives it. Nobody is asked while a request waits. A gateway that is cut off from the others keeps the limits alone.
/// </summary>
/// <param name="quotas">The limits.</param>
/// <param name="expectedPeers">How many other gateways there will be: until they have been heard of, or <see cref="MeetingTime"/> has passed,
/// a gateway that has just started takes no more than its part.</param>
/// <param name="time">Clock of the demands.</param>
internal sealed class QuotaShares(IReadOnlyList<SharedQuota> quotas, int expectedPeers, TimeProvider time) : IPeerTopic
{
    /// <summary>Who has not been met after this is not there.</summary>
    public static readonly TimeSpan MeetingTime = TimeSpan.FromSeconds(30);

    /// <summary>What a peer has told counts for so long.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private const int EntryBytes = sizeof(ulong) + sizeof(double);
    private readonly Dictionary<PeerId, Told> _peers = [];
    private readonly DateTimeOffset _start = time.GetUtcNow();
    private readonly double[] _own = new double[quotas.Count];
    private DateTimeOffset _measured = time.GetUtcNow();

    public string Name => "quotas";

    public IReadOnlyList<byte[]> Collect()
    {
        if (quotas.Count == 0)
            return [];
        var now = time.GetUtcNow();
        var passed = now - _measured;
        _measured = now;
        for (var i = 0; i < quotas.Count; i++)
            _own[i] = quotas[i].MeasureDemand(passed);
        Divide(now);
        return Write();
    }

    public void Receive(PeerId peer, ReadOnlySpan<byte> piece)
    {
        if (piece.Length % EntryBytes != 0)
            throw new FormatException("an entry is cut off");
        var demands = _peers.TryGetValue(peer, out var told) ? told.Demands : [];
        for (; !piece.IsEmpty; piece = piece[EntryBytes..])
        {
            var demand = BinaryPrimitives.ReadDoubleLittleEndian(piece[sizeof(ulong)..]);
            if (!double.IsFinite(demand) || demand < 0)
                throw new FormatException("a demand is no number");
            demands[BinaryPrimitives.ReadUInt64LittleEndian(piece)] = demand;
        }

        _peers[peer] = new Told(demands, time.GetUtcNow());
    }

    public void Forget(PeerId peer) => _peers.Remove(peer);

    private void Divide(DateTimeOffset now)
    {
        var unmet = now - _start > MeetingTime ? 0 : Math.Max(0, expectedPeers - _peers.Count);
        var demands = new double[1 + _peers.Count + unmet];
        for (var i = 0; i < quotas.Count; i++)
        {
            demands[0] = _own[i];
            var next = 1;
            foreach (var told in _peers.Values)
                demands[next++] = now - told.At <= Lifetime ? told.Demands.GetValueOrDefault(quotas[i].Key) : 0;
            quotas[i].Apply(FairShares.OfFirst(demands, quotas[i].Limit));
        }
    }

    /// <summary>All of them each time, the idle ones too: who is not asked for anything any more must say so.</summary>
    private List<byte[]> Write()
    {
        const int MostEntries = IPeerTopic.MaxPieceBytes / EntryBytes;
        var pieces = new List<byte[]>();
        for (var first = 0; first < quotas.Count; first += MostEntries)
        {
            var count = Math.Min(MostEntries, quotas.Count - first);
            var piece = new byte[count * EntryBytes];
            for (var i = 0; i < count; i++)
            {
                var entry = piece.AsSpan(i * EntryBytes);
                BinaryPrimitives.WriteUInt64LittleEndian(entry, quotas[first + i].Key);
                BinaryPrimitives.WriteDoubleLittleEndian(entry[sizeof(ulong)..], _own[first + i]);
            }

            pieces.Add(piece);
        }

        return pieces;
    }

    private sealed record Told(Dictionary<ulong, double> Demands, DateTimeOffset At);
}
