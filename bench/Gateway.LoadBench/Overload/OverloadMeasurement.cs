using Gateway.LoadBench.Client;

namespace Gateway.LoadBench.Overload;

/// <param name="QueueSize">Requests that may wait.</param>
/// <param name="Load">How many times the capacity was asked for.</param>
/// <param name="Duration">For how long requests were sent.</param>
/// <param name="Result">What came of them.</param>
internal sealed record OverloadMeasurement(int QueueSize, int Load, TimeSpan Duration, LoadResult Result)
{
    public double AdmittedPerSecond => Result.Complete / Duration.TotalSeconds;

    public double RefusedPerSecond => Result.Refused.TotalCount / Duration.TotalSeconds;

    /// <summary>Neither served nor refused.</summary>
    public long Broken => Result.Failed - Result.Refused.TotalCount;
}
