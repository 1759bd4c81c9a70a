using System.Collections.Concurrent;

namespace Gateway.Benchmarks.RegistryRead;

/// <param name="CpuNanoseconds">CPU time of a reading thread for each operation.</param>
/// <param name="WallNanoseconds">Time until the last thread was done, for each operation of one thread.</param>
/// <param name="Bytes">Allocated on the reading threads for each operation.</param>
internal readonly record struct ReadSample(double CpuNanoseconds, double WallNanoseconds, double Bytes)
{
    /// <summary>1 if all threads ran all the time, hence at the same time; a half if two threads had to share a core.</summary>
    public double Overlap => CpuNanoseconds / WallNanoseconds;
}

/// <summary>
/// What BenchmarkDotNet does not count: CPU time and allocations of the reading threads alone. Its own count of bytes is of the whole
/// process and would charge the readers for what the writer beside them allocates; its time is the wall's, in which a machine that is
/// shared shows as well.
/// </summary>
internal static class ReadSamples
{
    private static readonly ConcurrentDictionary<(string, int, int), List<ReadSample>> Values = new();

    public static void Record(string method, int threads, int mutations, ReadSample sample) =>
        Values.GetOrAdd((method, threads, mutations), static _ => []).Add(sample);

    /// <summary>
    /// The median of those runs of the last round in which the threads were kept waiting least, a third of them, and forgets all.
    /// Threads that do not run at the same time do not get in each other's way, and would hide what contention costs.
    /// </summary>
    public static ReadSample Take(string method, int threads, int mutations, int runs)
    {
        if (!Values.TryRemove((method, threads, mutations), out var samples))
            throw new InvalidOperationException($"{method} was not run.");
        ReadSample[] kept = [.. samples.TakeLast(runs).OrderByDescending(static sample => sample.Overlap).Take(runs / 3)];
        return new ReadSample(
            Median.Of(kept.Select(static sample => sample.CpuNanoseconds)),
            Median.Of(kept.Select(static sample => sample.WallNanoseconds)),
            Median.Of(kept.Select(static sample => sample.Bytes)));
    }
}
