using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>A worker of any state, as the administrators see it.</summary>
/// <param name="Worker">Its current incarnation.</param>
/// <param name="State">Its state; only Ready workers are in a model's snapshot.</param>
/// <param name="Reason">Why it is in that state, for the operator; empty when there is nothing to say.</param>
/// <param name="Since">When it entered that state.</param>
/// <param name="Origin">Who registered it.</param>
/// <param name="Ordinal">Its place in the order of registration.</param>
/// <param name="IsLost">The connection of this incarnation was lost: it is closed, and awaits a new one.</param>
public sealed record WorkerEntry(
    Worker Worker,
    WorkerState State,
    string Reason,
    DateTimeOffset Since,
    WorkerOrigin Origin,
    long Ordinal,
    bool IsLost = false)
{
    /// <summary>What requests are sent to while it is Ready: its ranks if it is served by them, else itself.</summary>
    internal IReadOnlyList<Worker> Routable => Worker.Ranks.IsEmpty ? [Worker] : Worker.Ranks;

    /// <summary>This entry and one for each rank it is served by, which has all but the worker from it.</summary>
    public IEnumerable<WorkerEntry> WithRanks()
    {
        yield return this;
        foreach (var rank in Worker.Ranks)
            yield return this with { Worker = rank };
    }
}
