using System.Collections.Concurrent;

namespace Gateway.Benchmarks.RegistryRead;

/// <param name="CpuNanoseconds">CPU time of a reading thread for each operation.</param>
/// <param name="Bytes">Allocated on the reading threads for each operation.</param>
internal readonly record struct ReadSample(double CpuNanoseconds, double Bytes);

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

    /// <summary>The lower quartile of the last round's runs, and forgets them.</summary>
    public static ReadSample Take(string method, int threads, int mutations)
    {
        if (!Values.TryRemove((method, threads, mutations), out var samples))
            throw new InvalidOperationException($"{method} was not run.");
        return new ReadSample(
            Quartile.Lower(samples.Select(static sample => sample.CpuNanoseconds)),
            Quartile.Lower(samples.Select(static sample => sample.Bytes)));
    }
}
