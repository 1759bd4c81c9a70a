using System.Globalization;
using Gateway.LoadBench.Run;

namespace Gateway.LoadBench.TokenIn;

/// <summary>The measurements as markdown: medians over the rounds; ratios and differences are taken within a round first.</summary>
internal static class TokenTable
{
    public const string OverHttp = "HTTP";
    public const string OverGrpc = "gRPC";

    public static void Print(IReadOnlyCollection<Measurement> all, LoadBenchOptions options)
    {
        Console.WriteLine(
            $"{TokenEngines.Tokens} tokens an answer; cost as fast as {options.Connections} connections (streams: {options.Streams}) can, latency at {TokenBench.Rate} requests/s: of whole answers, "
            + $"and to the first byte of streams. Medians over {options.Rounds} rounds.\n");
        Console.WriteLine("| prompt | engines over | requests/s | CPU µs/request | CPU µs/token | × | KB allocated/request | × | added ms, p50 | p90 |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var workload in all.GroupBy(static one => one.Workload))
        {
            foreach (var arm in new[] { OverHttp, OverGrpc })
                Print(workload, arm);
        }

        Console.WriteLine();
        foreach (var arm in all.GroupBy(static one => one.Arm))
            Console.WriteLine($"{arm.Key}: {arm.Sum(static one => one.Complete):N0} answers with all their tokens, {arm.Sum(static one => one.Failed):N0} failures");
    }

    private static void Print(IGrouping<string, Measurement> workload, string arm)
    {
        var (mine, http) = (Of(workload, arm, LoadKind.ClosedLoop), Of(workload, OverHttp, LoadKind.ClosedLoop));
        var (paced, direct) = (Of(workload, arm, LoadKind.FixedRate), Of(workload, Arm.Direct, LoadKind.FixedRate));
        var cpu = Median.Of(mine.Select(static one => one.CpuMicroseconds));
        var cpuRatio = Median.Of(mine.Zip(http, static (one, other) => one.CpuMicroseconds / other.CpuMicroseconds));
        var bytesRatio = Median.Of(mine.Zip(http, static (one, other) => one.Bytes!.Value / other.Bytes!.Value));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {workload.Key} | {arm} | {Median.Of(mine.Select(static one => one.Complete / one.Seconds)):0} | {cpu:0} | {cpu / TokenEngines.Tokens:0.0} | {cpuRatio:0.00} | {Median.Of(mine.Select(static one => one.Bytes!.Value)) / 1024:0.0} | {bytesRatio:0.00} | {Added(static latency => latency.P50):0.00} | {Added(static latency => latency.P90):0.00} |"));

        double Added(Func<Percentiles, double> of) => Median.Of(paced.Zip(direct, (one, other) => of(one.Latency) - of(other.Latency))) / 1000;
    }

    private static Measurement[] Of(IEnumerable<Measurement> all, string arm, LoadKind kind) =>
        [.. all.Where(one => one.Arm == arm && one.Kind == kind).OrderBy(static one => one.Round)];
}
