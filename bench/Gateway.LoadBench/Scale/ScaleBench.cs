using System.Diagnostics;
using System.Globalization;
using Gateway.LoadBench.Client;
using HdrHistogram;

namespace Gateway.LoadBench.Scale;

/// <summary>One gateway with thousands of workers: what they cost it while nobody asks, how fast it knows them, and what they cost a request.</summary>
internal static class ScaleBench
{
    public const string Verb = "scale";

    /// <summary>Files of the gateway that are no streams': those kept open to workers, and its own. A stream takes two.</summary>
    private const int Reserve = 2000;

    private const int ListRounds = 5;

    private static readonly string[] HealthPaths = ["/health", "/liveness", "/readiness"];

    private static readonly TimeSpan HealthInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Of one kind; the other kind's follows, so that both meet the same machine.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    /// <summary>After the last worker is routable, for what registering has left behind.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan[] AfterStreams = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)];

    public static async Task<int> RunAsync(ScaleOptions options)
    {
        var streams = Math.Min(options.Streams, (OpenFiles() - Reserve) / 2);
        if (streams < options.Streams)
            Say($"{streams} streams instead of {options.Streams}: the process may not open more files (ulimit -n)");
        var machine = Machine.Line();
        var results = new List<ScaleResult>();
        foreach (var size in options.Sizes)
            results.Add(await MeasureAsync(size, options, size == options.Sizes[^1] ? streams : 0));
        Console.WriteLine($"{machine}\n");
        ScaleTable.Print(results, options);
        return results.Any(static result => result.Streams is { } streams && streams.Complete < streams.Count) ? 1 : 0;
    }

    private static async Task<ScaleResult> MeasureAsync(int size, ScaleOptions options, int streams)
    {
        await using var fleet = await ScaleFleet.StartAsync(size);
        Say($"{size} workers listen");
        long empty;
        TimeSpan byApi;
        await using (var first = await ScaleGateway.StartAsync(options.Policy))
        {
            await Task.Delay(Settling);
            empty = first.Server.ResidentBytes();
            byApi = await first.RegisterAsync(fleet.Urls);
            Say($"registered over the API: {byApi.TotalSeconds:0.0} s");
        }

        await using var gateway = await ScaleGateway.StartAsync(options.Policy);
        var byFile = await gateway.ListAsync(fleet.Urls);
        Say($"listed in the file: {byFile.TotalSeconds:0.0} s");
        await Task.Delay(Settling);
        var idleCores = await CoresAsync(gateway, () => Task.Delay(TimeSpan.FromSeconds(options.IdleSeconds)));
        var idle = gateway.Server.ResidentBytes();
        Say($"idle: {idleCores * 100:0.0} % of a core, {idle / 1e6:0} MB");
        var (listTime, listBytes) = await ListAsync(gateway);

        var expected = await Expected.AskAsync(fleet.Urls[0], ScaleRequests.Whole);
        using var direct = new LoadClient(fleet.Urls[0], ScaleRequests.Whole, expected, isFresh: true);
        using var through = new LoadClient(gateway.Url, ScaleRequests.Whole, expected, isFresh: true);
        await through.RunClosedLoopAsync(options.Connections, Slice);
        await direct.RunClosedLoopAsync(options.Connections, Slice);
        var (modestDirect, modest) = await InterleaveAsync(direct, through, options);
        Say("modest load measured");
        LoadResult? saturated = null;
        Dictionary<string, LongHistogram>? health = null;
        var saturatedCores = await CoresAsync(gateway, async () => (saturated, health) = await SaturateAsync(gateway, through, options));
        Say("saturation measured");
        return new ScaleResult
        {
            Workers = size,
            RoutableByApi = byApi,
            RoutableByFile = byFile,
            IdleCores = idleCores,
            EmptyBytes = empty,
            IdleBytes = idle,
            Direct = modestDirect,
            Modest = modest,
            Saturated = saturated!,
            SaturatedPerSecond = saturated!.Complete / options.Seconds,
            SaturatedCores = saturatedCores,
            Health = health!,
            ListTime = listTime,
            ListBytes = listBytes,
            Streams = streams > 0 ? await StreamAsync(gateway, fleet, streams) : null,
        };
    }

    private static async Task<(TimeSpan Time, int Bytes)> ListAsync(ScaleGateway gateway)
    {
        using var connection = new HttpConnection(gateway.Url);
        var (times, bytes) = (new List<double>(), 0);
        for (var round = 0; round < ListRounds; round++)
        {
            var answer = await connection.SendAsync(ScaleRequests.Get("/workers"));
            times.Add(Stopwatch.GetElapsedTime(answer.SentAt, answer.EndedAt).TotalSeconds);
            bytes = answer.Body.Length;
        }

        return (TimeSpan.FromSeconds(Median.Of(times)), bytes);
    }

    private static async Task<(LoadResult Direct, LoadResult Through)> InterleaveAsync(LoadClient direct, LoadClient through, ScaleOptions options)
    {
        var (near, far) = (new LoadResult(), new LoadResult());
        for (var time = TimeSpan.Zero; time.TotalSeconds < options.Seconds; time += Slice)
        {
            near.Add(await direct.RunFixedRateAsync(options.Connections, options.Rate, Slice));
            far.Add(await through.RunFixedRateAsync(options.Connections, options.Rate, Slice));
        }

        return (near, far);
    }

    private static async Task<(LoadResult Load, Dictionary<string, LongHistogram> Health)> SaturateAsync(
        ScaleGateway gateway, LoadClient client, ScaleOptions options)
    {
        using var end = new CancellationTokenSource();
        var health = HealthPaths.ToDictionary(static path => path, static _ => new LongHistogram(60_000_000, 3));
        var askers = health.Select(one => Task.Run(() => AskAsync(gateway.Url, one.Key, one.Value, end.Token))).ToArray();
        var load = await client.RunClosedLoopAsync(options.Connections, TimeSpan.FromSeconds(options.Seconds));
        await end.CancelAsync();
        await Task.WhenAll(askers);
        return (load, health);
    }

    private static async Task AskAsync(Uri gateway, string path, LongHistogram answers, CancellationToken end)
    {
        using var connection = new HttpConnection(gateway);
        while (!end.IsCancellationRequested)
        {
            var answer = await connection.SendAsync(ScaleRequests.Get(path));
            answers.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(answer.SentAt, answer.EndedAt).TotalMicroseconds));
            await Task.Delay(HealthInterval, CancellationToken.None);
        }
    }

    private static async Task<StreamResult> StreamAsync(ScaleGateway gateway, ScaleFleet fleet, int count)
    {
        var crowd = new StreamCrowd(await StreamCrowd.CountEventsAsync(fleet.Urls[0]));
        var (before, most, open) = (gateway.Server.ResidentBytes(), 0L, 0);
        var cores = await CoresAsync(gateway, async () =>
        {
            var running = crowd.RunAsync(gateway.Url, count);
            while (await Task.WhenAny(running, Task.Delay(500)) != running)
            {
                if (crowd.Open < open)
                    continue;
                (most, open) = (gateway.Server.ResidentBytes(), crowd.Open);
            }

            await running;
        });
        Say($"{crowd.Complete} of {count} streams complete");
        var ended = Stopwatch.GetTimestamp();
        var later = new List<(TimeSpan, long)>();
        foreach (var after in AfterStreams)
        {
            await Task.Delay(after - Stopwatch.GetElapsedTime(ended));
            later.Add((after, gateway.Server.ResidentBytes()));
        }

        return new StreamResult(count, crowd.Complete, open, before, most, later, crowd.Gaps, cores);
    }

    private static async Task<double> CoresAsync(ScaleGateway gateway, Func<Task> work)
    {
        var (start, cpu) = (Stopwatch.GetTimestamp(), gateway.Server.CpuTime());
        await work();
        return (gateway.Server.CpuTime() - cpu) / Stopwatch.GetElapsedTime(start);
    }

    /// <summary>The hard limit: .NET raises the other one to it by itself.</summary>
    private static int OpenFiles()
    {
        const string Field = "Max open files";
        var line = File.ReadLines("/proc/self/limits").First(static line => line.StartsWith(Field, StringComparison.Ordinal));
        return int.TryParse(line[Field.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture, out var limit) ? limit : int.MaxValue;
    }

    private static void Say(string what) => Console.Error.WriteLine(what);
}
