using System.Runtime.InteropServices;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Peers;

/// <summary>
/// What the other gateways have on the workers, so that N gateways do not each take an N-th of the load for the whole. A report counts fully
/// for as long as three may be missing, and less and less after that: a peer that has fallen silent may still have its requests running,
/// but sooner or later they end. For one thread at a time; requests read what <see cref="Apply"/> has put on the workers.
/// </summary>
/// <remarks>
/// Reports are smoothed. A prefill is over in a tenth of a second: a report taken at its word sends every gateway to the worker that was
/// idle a moment ago, and all of them at once. The routing bench finds unrelated prompts waiting twice as long as if nobody told anything, and up to a third
/// of the hits gone. What lasts, a worker that is always fuller than others, is seen in the mean as well (docs/decisions/prefixes-across-gateways.md).
/// </remarks>
/// <param name="time">The clock. Reports are dated when they arrive, by this gateway's own.</param>
/// <param name="smoothing">See <see cref="UsualSmoothing"/>.</param>
public sealed class PeerLoads(TimeProvider time, TimeSpan smoothing)
{
    /// <summary>A change counts to 63 % after this long: longer than most answers take, and shorter than a worker stays uneven.</summary>
    public static readonly TimeSpan UsualSmoothing = TimeSpan.FromSeconds(5);

    /// <summary>Three reports that come once a second.</summary>
    public static readonly TimeSpan CountsFullyFor = TimeSpan.FromSeconds(3);

    /// <summary>As long as most answers take. What a silent peer counts falls in a straight line until then.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(10);

    /// <summary>Requests; less than this of a worker is forgotten.</summary>
    private const double Nothing = 0.01;

    private readonly Dictionary<string, Peer> _peers = new(StringComparer.Ordinal);

    public PeerLoads(TimeProvider time)
        : this(time, UsualSmoothing)
    {
    }

    /// <summary>Takes the place of what the peer said before: what it does not name any more, it has nothing on.</summary>
    /// <param name="name">Names one gateway for as long as it runs.</param>
    /// <param name="loads">What it has. Numbers below 0 count as 0.</param>
    public void Report(string name, IEnumerable<PeerLoad> loads)
    {
        ArgumentNullException.ThrowIfNull(loads);
        var now = time.GetTimestamp();
        var share = 1.0;
        if (_peers.TryGetValue(name, out var peer))
            share = smoothing > TimeSpan.Zero ? 1 - Math.Exp(-(time.GetElapsedTime(peer.Arrived, now) / smoothing)) : 1;
        else
            _peers[name] = peer = new Peer();
        peer.Arrived = now;
        peer.Take(loads, share);
    }

    /// <summary>The peer has left: its requests have ended, or broken off.</summary>
    public void Forget(string name) => _peers.Remove(name);

    /// <summary>Puts the sum of what counts now on each worker and its ranks; 0 on those that nobody speaks of.</summary>
    public void Apply(IEnumerable<Worker> workers)
    {
        ArgumentNullException.ThrowIfNull(workers);
        var sums = Sum();
        foreach (var worker in workers)
        {
            Put(worker, sums);
            foreach (var rank in worker.Ranks)
                Put(rank, sums);
        }
    }

    private static void Put(Worker worker, Dictionary<WorkerId, Backlog> sums)
    {
        var sum = sums.GetValueOrDefault(worker.Id);
        worker.ReportPeers((int)Math.Min(int.MaxValue, Math.Round(sum.InFlight)), (long)Math.Min(long.MaxValue / 2, sum.PendingPromptBytes));
    }

    private Dictionary<WorkerId, Backlog> Sum()
    {
        var now = time.GetTimestamp();
        var sums = new Dictionary<WorkerId, Backlog>();
        foreach (var (name, peer) in _peers)
        {
            var share = ShareAt(time.GetElapsedTime(peer.Arrived, now));
            if (share <= 0)
                _peers.Remove(name);
            else
                peer.AddTo(sums, share);
        }

        return sums;
    }

    private static double ShareAt(TimeSpan age) =>
        Math.Clamp((GoneAfter - age) / (GoneAfter - CountsFullyFor), 0, 1);

    private readonly record struct Backlog(double InFlight, double PendingPromptBytes)
    {
        public Backlog Plus(double inFlight, double pendingPromptBytes, double share) =>
            new(InFlight + (share * inFlight), PendingPromptBytes + (share * pendingPromptBytes));
    }

    /// <summary>What one peer has on each worker, in the mean.</summary>
    private sealed class Peer
    {
        private readonly Dictionary<WorkerId, Backlog> _means = [];

        public long Arrived { get; set; }

        public void Take(IEnumerable<PeerLoad> loads, double share)
        {
            foreach (var (worker, mean) in _means)
                _means[worker] = default(Backlog).Plus(mean.InFlight, mean.PendingPromptBytes, 1 - share);
            foreach (var load in loads)
            {
                ref var mean = ref CollectionsMarshal.GetValueRefOrAddDefault(_means, load.Worker, out _);
                mean = mean.Plus(Math.Max(0, load.InFlight), Math.Max(0, load.PendingPromptBytes), share);
            }

            foreach (var (worker, mean) in _means)
            {
                if (mean.InFlight < Nothing)
                    _means.Remove(worker);
            }
        }

        public void AddTo(Dictionary<WorkerId, Backlog> sums, double share)
        {
            foreach (var (worker, mean) in _means)
            {
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, worker, out _);
                sum = sum.Plus(mean.InFlight, mean.PendingPromptBytes, share);
            }
        }
    }
}
