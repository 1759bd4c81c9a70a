using Gateway.Host.Dashboard.Watching;

namespace Gateway.Host.Dashboard.Requests;

/// <summary>
/// Of how many requests it is noted how each candidate was weighed, which allocates: a few a second, and none while nobody watches.
/// </summary>
internal sealed class WeighingBudget(Watchers watchers)
{
    /// <summary>Requests a second: more than anybody reads.</summary>
    public const int PerSecond = 20;

    private int _left;

    /// <summary>One volatile read for nearly all requests.</summary>
    public bool TryTake() => Volatile.Read(ref _left) > 0 && Interlocked.Decrement(ref _left) >= 0;

    /// <summary>Called once a second.</summary>
    public void Refill() => Volatile.Write(ref _left, watchers.Any ? PerSecond : 0);
}
