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

    [Fact]
    public async Task At_ten_times_the_capacity_what_is_admitted_completes_and_the_rest_is_told_to_come_back()
    {
        await using var gateway = await LiveGateway.StartAsync(
            2,
            static options => options with { Limits = new LimitOptions { MaxConcurrentRequests = Cap, QueueSize = QueueSize } },
            EngineTimings.Fast);
        var queue = gateway.App.Services.GetRequiredService<AdmissionQueue>();
        var gate = gateway.App.Services.GetRequiredService<AdmissionGate>();
        using var over = new CancellationTokenSource();
        var watch = WatchAsync(gateway, queue, over.Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => BeClientAsync(gateway.Client, requests: 5, stream: client % 2 == 0))));
        await over.CancelAsync();

        var (mostRunning, mostAtEngines, mostWaiting) = await watch;
        Assert.InRange(mostRunning, 1, Cap);
        Assert.InRange(mostAtEngines, 0, Cap);
        Assert.InRange(mostWaiting, 0, QueueSize);
        var all = answers.SelectMany(static answer => answer).ToLookup(static served => served);
        Assert.Equal(Clients * 5, all[true].Count() + all[false].Count());
        Assert.NotEmpty(all[true]);
        Assert.NotEmpty(all[false]);
        Assert.Equal(all[true].Count(), gateway.Engines.Workers.Sum(static engine => engine.Stats.Finished));
        Assert.Equal((0, 0), (queue.Running, queue.Waiting));
        await Support.Eventually.HoldsAsync(() => gate.InFlight == 0, "everybody has left");
    }

    /// <returns>For each request whether it was served; false if it was refused.</returns>
    private static async Task<List<bool>> BeClientAsync(HttpClient client, int requests, bool stream)
    {
        List<bool> served = [];
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

            served.Add(response.IsSuccessStatusCode);
        }

        return served;
    }

    private static async Task<(int Running, int AtEngines, int Waiting)> WatchAsync(LiveGateway gateway, AdmissionQueue queue, CancellationToken over)
    {
        var most = (Running: 0, AtEngines: 0, Waiting: 0);
        while (!over.IsCancellationRequested)
        {
            most = (
                Math.Max(most.Running, queue.Running),
                Math.Max(most.AtEngines, gateway.View.Current.Workers.Values.Sum(static entry => entry.Worker.Load)),
                Math.Max(most.Waiting, queue.Waiting));
            await Task.Yield();
        }

        return most;
    }
}
