using System.Runtime.InteropServices;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Peers;

/// <summary>
/// What the other gateways have on the workers, so that N gateways do not each take a N-th of the load for the whole. A report counts fully
/// for as long as three may be missing, and less and less after that: a peer that has fallen silent may still have its requests running,
/// but sooner or later they end. For one thread at a time; requests read what <see cref="Apply"/> has put on the workers.
/// </summary>
/// <param name="time">The clock. Reports are dated when they arrive, by this gateway's own.</param>
public sealed class PeerLoads(TimeProvider time)
{
    /// <summary>Three reports, which come about once a second.</summary>
    public static readonly TimeSpan CountsFullyFor = TimeSpan.FromSeconds(3);

    /// <summary>As long as most answers take. Its share falls in a straight line until then.</summary>
    public static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (long Arrived, IReadOnlyList<PeerLoad> Loads)> _reports = new(StringComparer.Ordinal);

    /// <summary>Takes the place of what the peer said before: what it does not name any more, it has nothing on.</summary>
    /// <param name="peer">Names one gateway for as long as it runs.</param>
    /// <param name="loads">Must not change any more. Numbers below 0 count as 0.</param>
    public void Report(string peer, IReadOnlyList<PeerLoad> loads) => _reports[peer] = (time.GetTimestamp(), loads);

    /// <summary>The peer has left: its requests have ended, or broken off.</summary>
    public void Forget(string peer) => _reports.Remove(peer);

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

    private static void Put(Worker worker, Dictionary<WorkerId, (double InFlight, double PendingPromptBytes)> sums)
    {
        var (inFlight, pending) = sums.GetValueOrDefault(worker.Id);
        worker.ReportPeers((int)Math.Min(int.MaxValue, Math.Round(inFlight)), (long)Math.Min(long.MaxValue / 2, pending));
    }

    private Dictionary<WorkerId, (double InFlight, double PendingPromptBytes)> Sum()
    {
        var now = time.GetTimestamp();
        var sums = new Dictionary<WorkerId, (double InFlight, double PendingPromptBytes)>();
        foreach (var (peer, (arrived, loads)) in _reports)
        {
            var share = ShareAt(time.GetElapsedTime(arrived, now));
            if (share <= 0)
            {
                _reports.Remove(peer);
                continue;
            }

            foreach (var load in loads)
            {
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, load.Worker, out _);
                sum.InFlight += share * Math.Max(0, load.InFlight);
                sum.PendingPromptBytes += share * Math.Max(0, load.PendingPromptBytes);
            }
        }

        return sums;
    }

    private static double ShareAt(TimeSpan age) =>
        Math.Clamp((GoneAfter - age) / (GoneAfter - CountsFullyFor), 0, 1);
}
