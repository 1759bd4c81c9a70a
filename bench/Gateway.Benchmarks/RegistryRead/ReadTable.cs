using System.Globalization;

namespace Gateway.Benchmarks.RegistryRead;

/// <param name="Bench">Class of the benchmark.</param>
/// <param name="Method">What was read.</param>
/// <param name="Threads">Reading at once.</param>
/// <param name="Mutations">A second, beside the readers.</param>
/// <param name="Round">Which repetition.</param>
/// <param name="WallNanoseconds">For an operation, until the last thread was done: the lower quartile of the iterations.</param>
/// <param name="Sample">What the reading threads themselves counted: the least disturbed runs.</param>
/// <param name="IsOurs">Whether this is the gateway's own way.</param>
internal sealed record ReadMeasurement(
    string Bench, string Method, int Threads, int Mutations, int Round, double WallNanoseconds, ReadSample Sample, bool IsOurs);

/// <summary>The measurements as markdown: a line for each way, with its ratio to ours in the same round and the same conditions.</summary>
internal static class ReadTable
{
    private static readonly (int Threads, int Mutations)[] Conditions = [(1, 0), (2, 0), (1, 1000), (2, 1000)];

    public static void Print(string clock, IReadOnlyCollection<ReadMeasurement> all, Func<ReadMeasurement, double> time)
    {
        foreach (var bench in all.GroupBy(static one => one.Bench))
        {
            Console.WriteLine();
            Console.WriteLine($"| {bench.Key}, {clock} | 1 thread | 2 threads | 1 thread, 1,000 mutations/s | 2 threads, 1,000 mutations/s | 2 threads / 1 | overlap | B/op |");
            Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|");
            foreach (var method in bench.GroupBy(static one => one.Method))
                Console.WriteLine(Line(method.Key, [.. method], [.. bench.Where(static one => one.IsOurs)], time));
        }
    }

    private static string Line(string name, ReadMeasurement[] way, ReadMeasurement[] ours, Func<ReadMeasurement, double> time)
    {
        var cells = Conditions.Select(condition => Cell(At(way, condition), At(ours, condition), time));
        var scaling = Median.Of(At(way, (2, 0)).Zip(At(way, (1, 0)), (two, one) => time(two) / time(one)));
        var overlap = Median.Of(At(way, (2, 0)).Select(static one => one.Sample.Overlap));
        var bytes = Median.Of(way.Select(static one => one.Sample.Bytes));
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", cells)} | {scaling:0.00} | {overlap:0.00} | {bytes:0.#} |");
    }

    private static ReadMeasurement[] At(ReadMeasurement[] all, (int Threads, int Mutations) condition) =>
        [.. all.Where(one => (one.Threads, one.Mutations) == condition).OrderBy(static one => one.Round)];

    private static string Cell(ReadMeasurement[] way, ReadMeasurement[] ours, Func<ReadMeasurement, double> time)
    {
        var ratio = Median.Of(way.Zip(ours, (one, our) => time(one) / time(our)));
        return string.Create(CultureInfo.InvariantCulture, $"{Median.Of(way.Select(time)):0.0} ns ({ratio:0.0}×)");
    }
}
