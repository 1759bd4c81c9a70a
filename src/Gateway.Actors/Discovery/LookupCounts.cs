using Gateway.Actors.Workers;

namespace Gateway.Actors.Discovery;

/// <summary>How often a source of workers was asked: numbers that only grow, written by its actor, read by whoever looks.</summary>
public sealed class LookupCounts
{
    private readonly AtomicCounter _answered = new();
    private readonly AtomicCounter _failed = new();

    public long Answered => _answered.Value;

    /// <summary>It could not be asked, or its answer could not be made use of: the workers were left as they were.</summary>
    public long Failed => _failed.Value;

    internal void Answer() => _answered.Add(1);

    internal void Fail() => _failed.Add(1);
}
