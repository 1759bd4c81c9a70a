namespace Gateway.Benchmarks.RegistryBurst;

/// <summary>How the commands are sent.</summary>
internal enum BurstWay
{
    /// <summary>All told at once.</summary>
    Burst,

    /// <summary>Each asked, and the next only after the answer.</summary>
    OneAtATime,
}

/// <summary>What is done to each worker.</summary>
internal enum BurstPhase
{
    /// <summary>From the command until the worker is routable.</summary>
    Register,

    /// <summary>From the command until no snapshot shows the worker.</summary>
    Remove,
}

/// <param name="Workers">How many.</param>
/// <param name="Way">How they were sent.</param>
/// <param name="Phase">What was done.</param>
/// <param name="WallMicroseconds">For a worker.</param>
/// <param name="CpuMicroseconds">For a worker, of all the process's threads.</param>
/// <param name="PauseMicroseconds">For a worker, in which collections stopped all threads.</param>
/// <param name="Bytes">Allocated for a worker, on all threads.</param>
/// <param name="Publications">In all.</param>
internal sealed record BurstResult(
    int Workers,
    BurstWay Way,
    BurstPhase Phase,
    double WallMicroseconds = 0,
    double CpuMicroseconds = 0,
    double PauseMicroseconds = 0,
    double Bytes = 0,
    long Publications = 0);
