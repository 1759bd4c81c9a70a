using System.Globalization;

namespace Gateway.Benchmarks.RegistryRead;

/// <param name="Bench">Class of the benchmark.</param>
/// <param name="Method">What was read.</param>
/// <param name="Threads">Reading at once.</param>
/// <param name="Mutations">A second, beside the readers.</param>
/// <param name="Round">Which repetition.</param>
/// <param name="Nanoseconds">For an operation, as one thread sees it: the lower quartile of the iterations.</param>
/// <param name="Bytes">Allocated for an operation on the reading threads.</param>
/// <param name="IsOurs">Whether this is the gateway's own way.</param>
internal sealed record ReadMeasurement(
    string Bench, string Method, int Threads, int Mutations, int Round, double Nanoseconds, double Bytes, bool IsOurs);

/// <summary>The measurements as markdown: a line for each way, with its ratio to ours in the same round and the same conditions.</summary>
internal static class ReadTable
{
    private static readonly (int Threads, int Mutations)[] Conditions = [(1, 0), (2, 0), (1, 1000), (2, 1000)];

    public static void Print(IReadOnlyCollection<ReadMeasurement> all)
    {
        foreach (var bench in all.GroupBy(static one => one.Bench))
        {
            Console.WriteLine();
            Console.WriteLine($"| {bench.Key} | 1 thread | 2 threads | 1 thread, 1,000 mutations/s | 2 threads, 1,000 mutations/s | 2 threads / 1 | B/op |");
            Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
            foreach (var method in bench.GroupBy(static one => one.Method))
                Console.WriteLine(Line(method.Key, [.. method], [.. bench.Where(static one => one.IsOurs)]));
        }
    }

    private static string Line(string name, ReadMeasurement[] way, ReadMeasurement[] ours)
    {
        var cells = Conditions.Select(condition => Cell(At(way, condition), At(ours, condition)));
        var scaling = Median.Of(At(way, (2, 0)).Zip(At(way, (1, 0)), static (two, one) => two.Nanoseconds / one.Nanoseconds));
        var bytes = Median.Of(way.Select(static one => one.Bytes));
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", cells)} | {scaling:0.00} | {bytes:0.#} |");
    }

    private static ReadMeasurement[] At(ReadMeasurement[] all, (int Threads, int Mutations) condition) =>
        [.. all.Where(one => (one.Threads, one.Mutations) == condition).OrderBy(static one => one.Round)];

    private static string Cell(ReadMeasurement[] way, ReadMeasurement[] ours)
    {
        var ratio = Median.Of(way.Zip(ours, static (one, our) => one.Nanoseconds / our.Nanoseconds));
        return string.Create(CultureInfo.InvariantCulture, $"{Median.Of(way.Select(static one => one.Nanoseconds)):0.0} ns ({ratio:0.0}×)");
    }
}
