using System.Net;
using System.Text;
using Gateway.Host.Admission;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.EndToEnd;

public sealed class CapacityTests
{
    private static readonly SimulatorOptions ThreeAtOnce = new() { MaxRunningRequests = 3, Timings = EngineTimings.Fast };

    [Fact]
    public async Task Requests_beyond_what_the_engines_run_at_once_wait_in_the_gateway_until_there_is_room()
    {
        // A worker that is spared at first would be passed over for full ones.
        await using var gateway = await LiveGateway.StartAsync(
            2, ThreeAtOnce, static options => options with { Breaker = options.Breaker with { SlowStart = TimeSpan.Zero } });
        var queue = gateway.App.Services.GetRequiredService<AdmissionQueue>();
        await Eventually.HoldsAsync(() => queue.Limit == 6, "the gateway knows what its engines run at once");
        List<HttpResponseMessage> running = [];
        for (var i = 0; i < 6; i++)
            running.Add(await BeginAsync(gateway));

        var seventh = BeginAsync(gateway);
        var eighth = BeginAsync(gateway);

        await Eventually.HoldsAsync(() => queue.Waiting == 2, "the seventh and the eighth wait");
        Assert.Equal((6, 6L), (queue.Running, gateway.Engines.Workers.Sum(static engine => engine.Stats.Started)));
        running[0].Dispose();
        using (await Task.WhenAny(seventh, eighth).Unwrap())
            await Eventually.HoldsAsync(() => (queue.Running, queue.Waiting) == (6, 1), "one of them has taken the place that was left");

        await using var third = await SimulatedWorker.StartAsync(ThreeAtOnce);
        using var body = new StringContent($$"""{"url": "{{third.Url}}"}""", Encoding.UTF8, "application/json");
        (await gateway.Client.PostAsync("/workers", body)).Dispose();
        running.Add(await BeginAsync(gateway));

        Assert.Equal(9, queue.Limit);
        Assert.Equal(0, queue.Waiting);
        running.ForEach(static answer => answer.Dispose());
        (await seventh).Dispose();
        (await eighth).Dispose();
        await Eventually.HoldsAsync(() => queue.Running == 0, "all have left");
    }

    /// <returns>When the first bytes of its answer are here, which then goes on for long.</returns>
    private static async Task<HttpResponseMessage> BeginAsync(LiveGateway gateway)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                """{"model":"sim-8b","messages":[{"role":"user","content":"hi"}],"stream":true,"max_tokens":20000,"ignore_eos":true}""", Encoding.UTF8, "application/json"),
        };
        var answer = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer;
    }
}
