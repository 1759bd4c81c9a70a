namespace Gateway.Actors.Routing;

/// <summary>Where <see cref="ManualPolicy"/> puts a session that it does not know.</summary>
public enum AssignmentMode
{
    Random,

    /// <summary>On the worker with the fewest requests in flight.</summary>
    MinLoad,

    /// <summary>On the worker with the fewest sessions.</summary>
    MinGroup,
}

/// <summary>Of <see cref="ManualPolicy"/>.</summary>
public sealed record ManualSettings
{
    public AssignmentMode Assignment { get; init; } = AssignmentMode.Random;

    /// <summary>A session that is idle for longer is forgotten.</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromSeconds(14_400);

    /// <summary>Most memory for the sessions of all models together; beyond it the least recently used are forgotten.</summary>
    public long TableBytes { get; init; } = 32 * 1024 * 1024;
}
