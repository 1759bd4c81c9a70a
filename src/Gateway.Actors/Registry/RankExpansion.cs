using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>
/// Serves a worker by the data-parallel ranks of its engine. The ranks are part of the worker's incarnation and no entries of their own:
/// there is one registration, one connection and one state, and so nothing that could fall apart. See
/// docs/decisions/data-parallel-workers.md.
/// </summary>
/// <remarks>
/// They are settled when the incarnation becomes ready for the first time. An engine that has another number of them afterwards is
/// another process, and gets another incarnation.
/// </remarks>
internal sealed class RankExpansion(RegistrySettings settings, TimeProvider time)
{
    /// <summary>True if the incarnation has the ranks that it should have by what is known of its engine.</summary>
    public bool IsSettled(Worker worker) => CountFor(worker) == worker.Ranks.Length;

    /// <summary>Gives an incarnation that no request can have reached the ranks it should have. Their epochs are taken from the state.</summary>
    public (RegistryState State, Worker Worker) Settle(RegistryState state, Worker worker)
    {
        if (IsSettled(worker))
            return (state, worker);
        var count = CountFor(worker);
        return (
            state with { LastEpoch = state.LastEpoch + count },
            worker.WithRanks(count, state.LastEpoch, settings.Breaker, time));
    }

    /// <summary>
    /// As many as the operator and the engine agree on: the operator may leave some out, and cannot add any.
    /// 0 for a worker that is served as it is.
    /// </summary>
    private int CountFor(Worker worker)
    {
        if (!settings.IsDataParallelAware || worker.Spec.Url.Rank is not null)
            return 0;
        var count = Math.Min(worker.Spec.DataParallelSize ?? int.MaxValue, worker.Facts.DataParallelSize ?? int.MaxValue);
        return count is > 1 and <= WorkerUrl.LargestRank + 1 ? count : 0;
    }
}
