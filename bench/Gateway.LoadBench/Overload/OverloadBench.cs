using System.Diagnostics;
using System.Globalization;
using Gateway.LoadBench.Client;
using Gateway.LoadBench.Run;
using Gateway.LoadBench.Servers;

namespace Gateway.LoadBench.Overload;

/// <summary>
/// A gateway that may run only so many requests at once, asked for as many as it can serve and for ten times as many: whether those it admits
/// are served as fast as before, and how fast it refuses the others. Capacity is what it serves to as many connections as it may run requests.
/// </summary>
internal static class OverloadBench
{
    public const string Verb = "overload";

    /// <summary>Streams of 0.64 s: some 100 requests a second, so that ten times as many are no trouble for the client either.</summary>
    private const int Cap = 64;

    /// <summary>Those who run, those who wait, and many more who are being refused.</summary>
    private const int Connections = 512;

    /// <summary>Of a measurement's length in the other bench: a stream alone takes longer than some of those.</summary>
    private const double LengthFactor = 4;

    /// <summary>All streams take the same time: those that began together would end together, and so on for ever. So they begin one after the other.</summary>
    private static readonly TimeSpan LeadInTime = TimeSpan.FromSeconds(2);

    private static readonly int[] QueueSizes = [0, 16];
    private static readonly int[] Loads = [1, 10];

    public static async Task<int> RunAsync(LoadBenchOptions options)
    {
        var workload = Workload.All.First(static each => each.IsStream);
        var machine = Machine.Line();
        await using var workers = await MeasuredServer.StartRoleAsync("workers", []);
        var expected = await Expected.AskAsync(workers.Urls[workload.Worker], workload);
        var duration = TimeSpan.FromSeconds(options.Seconds * LengthFactor);
        var measured = new List<OverloadMeasurement>();
        foreach (var queueSize in QueueSizes)
        {
            await using var gateway = await MeasuredServer.StartRoleAsync(
                "small-gateway",
                [Text(Cap), Text(queueSize), .. workers.Urls.Select(static url => url.GetLeftPart(UriPartial.Authority))]);
            await Fleet.AwaitReadyAsync(new Arm(Arm.Gateway, gateway, workers.Urls), workload, expected);
            using var client = new LoadClient(gateway.Urls[0], workload, expected, isFresh: false);
            await client.RunClosedLoopAsync(Cap, duration / 2);
            var start = Stopwatch.GetTimestamp();
            var closed = await client.RunClosedLoopAsync(Cap, duration);
            var capacity = closed.Complete / Stopwatch.GetElapsedTime(start).TotalSeconds;
            for (var round = 0; round < options.Rounds; round++)
            {
                Console.Error.WriteLine($"queue of {queueSize}, round {round + 1} of {options.Rounds}");
                foreach (var load in Loads)
                {
                    var result = await client.RunFixedRateAsync(Connections, (int)(capacity * load), duration, new LeadIn((int)capacity, LeadInTime));
                    measured.Add(new OverloadMeasurement(queueSize, load, duration, result));
                }
            }
        }

        Console.WriteLine($"{machine}\n");
        OverloadTable.Print(measured, Cap, options.Rounds);
        return measured.Any(static one => one.Broken > 0) ? 1 : 0;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
