using System.Collections.Concurrent;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>
/// Bytes for each operation as counted on the reading threads. BenchmarkDotNet's own count is of the whole process and would charge the
/// readers for what the writer beside them allocates.
/// </summary>
internal static class ReadAllocations
{
    private static readonly ConcurrentDictionary<(string, int, int), double> Values = new();

    public static void Record(string method, int threads, int mutations, double bytes) => Values[(method, threads, mutations)] = bytes;

    public static double Of(string method, int threads, int mutations) => Values.GetValueOrDefault((method, threads, mutations), double.NaN);
}
