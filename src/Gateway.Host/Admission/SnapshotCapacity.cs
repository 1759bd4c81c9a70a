using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>
/// The sum of what the ready workers have told of themselves; of a worker that is served by its ranks, the sum of theirs. One that has not
/// told makes the whole unknown: whatever number was put in its place could keep requests from an engine that is idle, and the
/// configured limits hold in any case.
/// </summary>
/// <remarks>
/// A model that is served by pairs can run what its decode workers run. A request is on its decode worker for nearly all of its time; on
/// the prefill worker it is for the moments of its prompt, after which the next one takes its place there. To take the smaller of the two
/// sums would leave decode workers idle as soon as prefill workers are set to small batches. Requests that come faster than prompts can be
/// computed wait for that in the prefill engines, but never more than the decode workers can take.
/// </remarks>
internal sealed class SnapshotCapacity(GatewayOptions options) : ICapacitySource
{
    public int? CapacityOf(ModelSnapshot model)
    {
        var sum = 0L;
        return Add(model, ref sum, counted: null) ? Total(sum) : null;
    }

    public int? CapacityOf(RegistrySnapshot fleet)
    {
        var sum = 0L;
        var counted = new HashSet<WorkerId>();
        foreach (var (_, model) in fleet.Models)
        {
            if (!Add(model, ref sum, counted))
                return null;
        }

        return fleet.Wildcard is { } wildcard && !Add(wildcard, ref sum, counted) ? null : Total(sum);
    }

    /// <returns>False if a worker has not told.</returns>
    private bool Add(ModelSnapshot model, ref long sum, HashSet<WorkerId>? counted)
    {
        if (options.Limits.IgnoreWorkerCapacity)
            return false;
        foreach (var worker in model.Pairs.IsEmpty ? model.Regular : model.Pairs.Decode)
        {
            if (counted?.Add(worker.Id) == false)
                continue;
            if (worker.Facts.MaxRunningRequests is not { } most)
                return false;
            sum += most;
        }

        return true;
    }

    private static int? Total(long sum) => sum == 0 ? null : (int)Math.Min(sum, int.MaxValue);
}
