namespace Gateway.Actors.Workers;

/// <summary>How the attempts on one incarnation have ended, since it was born. One increment an attempt.</summary>
public sealed class AttemptCounts
{
    private readonly long[] _ended = new long[Enum.GetValues<AttemptOutcome>().Length];

    public long Of(AttemptOutcome outcome) => Volatile.Read(ref _ended[(int)outcome]);

    internal void Count(AttemptOutcome outcome) => Interlocked.Increment(ref _ended[(int)outcome]);
}
