namespace Gateway.Actors.Routing;

/// <summary>
/// When a model's workers count as unevenly loaded: the requests running on two of them differ by more than <see cref="AbsThreshold"/>, and
/// the larger number is more than <see cref="RelThreshold"/> times the smaller. The least loaded is taken then, whatever else would count.
/// <see cref="BucketPolicy"/> always looks at it, <see cref="CacheAwarePolicy"/> if either is set: it weighs loads anyway.
/// </summary>
public sealed record BalanceSettings
{
    /// <summary>The reference gateway's own, for what is not set.</summary>
    private const int UsualAbsThreshold = 64;

    /// <inheritdoc cref="UsualAbsThreshold"/>
    private const double UsualRelThreshold = 1.5;

    /// <summary>0 and up.</summary>
    public int? AbsThreshold { get; init; }

    /// <summary>1 and up.</summary>
    public double? RelThreshold { get; init; }

    public bool IsSet => AbsThreshold is not null || RelThreshold is not null;

    internal bool IsExceededBy(LoadRange loads) =>
        loads.Most - loads.Least > (AbsThreshold ?? UsualAbsThreshold) && loads.Most > (RelThreshold ?? UsualRelThreshold) * loads.Least;
}
