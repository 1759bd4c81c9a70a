using System.Globalization;

namespace Gateway.Benchmarks.RegistryBurst;

/// <summary>The results as markdown; the last column sets the CPU time of one worker against that in the smallest fleet.</summary>
internal static class BurstTable
{
    public static void Print(IReadOnlyCollection<BurstResult> all)
    {
        Console.WriteLine("| | workers | wall µs / worker | CPU µs / worker | GC pauses µs / worker | KB / worker | publications | CPU / worker to smallest |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var kind in all.GroupBy(static one => (one.Way, one.Phase)))
        {
            var smallest = kind.Min(static one => one.Workers);
            var reference = Median.Of(kind.Where(one => one.Workers == smallest).Select(static one => one.CpuMicroseconds));
            foreach (var size in kind.GroupBy(static one => one.Workers).OrderBy(static size => size.Key))
                Console.WriteLine(Line($"{Name(kind.Key.Phase)}, {Name(kind.Key.Way)}", [.. size], reference));
        }
    }

    private static string Line(string name, BurstResult[] size, double reference)
    {
        var cpu = Median.Of(size.Select(static one => one.CpuMicroseconds));
        var wall = Median.Of(size.Select(static one => one.WallMicroseconds));
        var pause = Median.Of(size.Select(static one => one.PauseMicroseconds));
        var kilobytes = Median.Of(size.Select(static one => one.Bytes)) / 1024;
        var publications = Median.Of(size.Select(static one => (double)one.Publications));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {size[0].Workers:N0} | {wall:0.0} | {cpu:0.0} | {pause:0.0} | {kilobytes:0.0} | {publications:N0} | {cpu / reference:0.00}× |");
    }

    private static string Name(BurstPhase phase) => phase == BurstPhase.Register ? "register" : "remove";

    private static string Name(BurstWay way) => way == BurstWay.Burst ? "burst" : "one at a time";
}
