using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Peers;

/// <summary>What one gateway has on one worker, or on one rank of it.</summary>
/// <param name="Worker">All gateways know it by the same id.</param>
/// <param name="InFlight">Leases held, see <see cref="Worker.Load"/>.</param>
/// <param name="PendingPromptBytes">See <see cref="Worker.PendingPromptBytes"/>.</param>
public readonly record struct PeerLoad(WorkerId Worker, int InFlight, long PendingPromptBytes)
{
    /// <summary>What a gateway tells of itself: its workers that have something, in place of a worker with ranks the ranks.</summary>
    public static IReadOnlyList<PeerLoad> Of(IEnumerable<Worker> workers)
    {
        ArgumentNullException.ThrowIfNull(workers);
        var loads = new List<PeerLoad>();
        foreach (var worker in workers)
        {
            Add(worker);
            foreach (var rank in worker.Ranks)
                Add(rank);
        }

        return loads;

        void Add(Worker worker)
        {
            if (worker.InFlight.Count is > 0 and var inFlight)
                loads.Add(new PeerLoad(worker.Id, inFlight, Math.Max(0, worker.PendingPromptBytes)));
        }
    }
}
