using System.IO.Hashing;
using System.Runtime.InteropServices;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// Sticky sessions: a routing key stays on the worker it was put on, also when workers are added. When that worker is not eligible the
/// session gets a second one, and goes back when it can, since its cache is there; with both out, the older of the two is replaced.
/// The table is bounded in bytes and forgets idle sessions (<see cref="ManualSettings"/>). A request without a key goes to the less
/// loaded of two.
/// </summary>
/// <param name="context">Settings, randomness, the clock, and the table, which all models share.</param>
public sealed class ManualPolicy(PolicyContext context) : IRoutingPolicy
{
    private readonly PowerOfTwoPolicy _others = new(context.Random);
    private readonly StickyTable _table = context.Sticky;
    private readonly long _owner = context.Sticky.NewOwner();

    public bool ReadsHints => true;

    public Worker? Pick(ReadOnlySpan<Worker> candidates, in RouteRequest request)
    {
        if (request.Hints.RoutingKey is not { } name)
            return _others.Pick(candidates, request);
        // 128 bits: two sessions in a table of millions do not meet, and the key itself, however long, is not kept.
        var key = XxHash128.HashToUInt128(MemoryMarshal.AsBytes(name.AsSpan()), _owner);
        var now = context.Time.GetTimestamp();
        var shard = _table.ShardOf(key);
        lock (shard.Gate)
        {
            var (first, second) = shard.Find(key, now);
            if (Usable(first, candidates, request) is { } settled)
                return settled;
            if (Usable(second, candidates, request) is { } standIn)
                return standIn;
            var chosen = Assign(candidates, request);
            if (chosen is not null)
                shard.Assign(key, chosen.Id, now);
            return chosen;
        }
    }

    private static Worker? Usable(WorkerId id, ReadOnlySpan<Worker> candidates, in RouteRequest request) =>
        id != default && CandidateList.Find(candidates, id) is { } worker && request.IsEligible(worker) ? worker : null;

    private Worker? Assign(ReadOnlySpan<Worker> candidates, in RouteRequest request) => context.Settings.Manual.Assignment switch
    {
        AssignmentMode.MinLoad => LowestScore.ByInFlight(candidates, request, context.Random),
        AssignmentMode.MinGroup => LowestScore.Among(candidates, request, context.Random, new Sessions(_table)),
        _ => EligibleSampling.Draw(candidates, request, context.Random),
    };

    private readonly struct Sessions(StickyTable table) : IWorkerScore
    {
        public double Of(Worker worker) => table.SessionsOn(worker.Id);
    }
}
