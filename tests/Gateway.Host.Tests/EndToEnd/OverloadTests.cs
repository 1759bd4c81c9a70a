using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Gateway.Simulator;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.EndToEnd;

public sealed class OverloadTests
{
    private const int Cap = 6;
    private const int QueueSize = 8;
    private const int Clients = 10 * Cap;

    /// <summary>
    /// There is one engine, so that what it counts is all there is: sampled figures say little of what holds at any moment, the largest
    /// batch that the engine has seen says it of all of them.
    /// </summary>
    [Fact]
    public async Task At_ten_times_the_capacity_what_is_admitted_completes_and_the_rest_is_told_to_come_back_and_reaches_no_engine()
    {
        await using var gateway = await LiveGateway.StartAsync(
            1,
            static options => options with { Limits = new LimitOptions { MaxConcurrentRequests = Cap, QueueSize = QueueSize } },
            EngineTimings.Fast);
        var engine = gateway.Engines.Workers[0];
        var reached = new ConcurrentDictionary<string, int>();
        engine.Received += request => reached.AddOrUpdate(request.Id ?? "", 1, static (_, count) => count + 1);
        var queue = gateway.App.Services.GetRequiredService<AdmissionQueue>();
        var gate = gateway.App.Services.GetRequiredService<AdmissionGate>();
        using var over = new CancellationTokenSource();
        var watch = WatchAsync(queue, over.Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => BeClientAsync(gateway.Client, requests: 5, stream: client % 2 == 0))));
        await over.CancelAsync();

        var (mostRunning, mostWaiting) = await watch;
        Assert.InRange(engine.Stats.MaxBatchSeen, 1, Cap);
        Assert.InRange(mostRunning, 1, Cap);
        Assert.InRange(mostWaiting, 1, QueueSize);
        var all = answers.SelectMany(static answer => answer).ToLookup(static one => one.IsServed, static one => one.Id);
        Assert.Equal(Clients * 5, all[true].Count() + all[false].Count());
        Assert.NotEmpty(all[true]);
        Assert.NotEmpty(all[false]);
        Assert.All(all[true], id => Assert.Equal(1, reached.GetValueOrDefault(id)));
        Assert.All(all[false], id => Assert.DoesNotContain(id, reached));
        Assert.Equal(all[true].Count(), engine.Stats.Finished);
        Assert.Equal(0, engine.Stats.Aborted + engine.Stats.Failed);
        Assert.Equal((0, 0), (queue.Running, queue.Waiting));
        await Support.Eventually.HoldsAsync(() => gate.InFlight == 0, "everybody has left");
        Assert.All(gateway.View.Current.Workers.Values, static entry => Assert.Equal((0, 0), (entry.Worker.Load, entry.Worker.PendingPromptBytes)));
    }

    /// <returns>The ids of the requests, and whether each was served; false if it was refused.</returns>
    private static async Task<List<(string Id, bool IsServed)>> BeClientAsync(HttpClient client, int requests, bool stream)
    {
        List<(string, bool)> ends = [];
        for (var i = 0; i < requests; i++)
        {
            using var body = new StringContent(
                $$"""{"model":"sim-8b","messages":[{"role":"user","content":"hi"}],"stream":{{(stream ? "true" : "false")}}}""", Encoding.UTF8, "application/json");
            using var response = await client.PostAsync("/v1/chat/completions", body);
            var text = await response.Content.ReadAsStringAsync();
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.Contains("queue_full", text, StringComparison.Ordinal);
                Assert.True(response.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
            }
            else
            {
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.True(!stream || text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
            }

            ends.Add((response.Headers.GetValues("x-request-id").Single(), response.IsSuccessStatusCode));
        }

        return ends;
    }

    private static async Task<(int Running, int Waiting)> WatchAsync(AdmissionQueue queue, CancellationToken over)
    {
        var most = (Running: 0, Waiting: 0);
        while (!over.IsCancellationRequested)
        {
            most = (Math.Max(most.Running, queue.Running), Math.Max(most.Waiting, queue.Waiting));
            await Task.Yield();
        }

        return most;
    }
}
