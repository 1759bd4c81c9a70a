using System.Net;
using System.Text;
using Gateway.Actors.Workers;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd.Discovery;

public sealed class SelfRegistrationTests
{
    [Fact]
    public async Task An_engine_that_stops_renewing_is_drained_its_requests_end_in_peace_and_it_may_come_back()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 0);
        await using var engine = await SimulatedWorker.StartAsync(new SimulatorOptions { Timings = EngineTimings.Fast });
        Assert.Equal(HttpStatusCode.Accepted, await RegisterAsync(gateway, engine));
        await Eventually.HoldsAsync(() => gateway.Ready == 1, "the engine is ready");
        var first = gateway.EntryOf(engine).Worker;
        using var answer = await BeginAsync(gateway);

        for (var renewals = 0; renewals < 3; renewals++)
            Assert.Equal(HttpStatusCode.OK, await RegisterAsync(gateway, engine));
        Assert.Equal((WorkerState.Ready, first.Epoch), (gateway.EntryOf(engine).State, gateway.EntryOf(engine).Worker.Epoch));

        // The last one, which is not followed by another in time.
        Assert.Equal(HttpStatusCode.OK, await RegisterAsync(gateway, engine, seconds: 1));
        await Eventually.HoldsAsync(() => gateway.EntryOf(engine).State == WorkerState.Draining, "it is drained");
        Assert.Equal("it has not renewed its lease of 1 s", gateway.EntryOf(engine).Reason);
        Assert.Equal(HttpStatusCode.Conflict, await RegisterAsync(gateway, engine));
        Assert.Equal(1, first.Load);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        for (var i = 0; i < 5; i++)
            Assert.NotEqual(0, await stream.ReadAsync(buffer));

        answer.Dispose();
        await Eventually.HoldsAsync(() => gateway.View.Current.Workers.Count == 0, "it is gone with its last request");
        Assert.Equal(HttpStatusCode.Accepted, await RegisterAsync(gateway, engine));
        await Eventually.HoldsAsync(() => gateway.Ready == 1, "it is back");
    }

    private static async Task<HttpStatusCode> RegisterAsync(LiveGateway gateway, SimulatedWorker engine, int seconds = 3600)
    {
        using var body = new StringContent($$"""{"url": "{{engine.Url}}", "lease_secs": {{seconds}}}""", Encoding.UTF8, "application/json");
        using var answer = await gateway.Client.PostAsync("/workers", body);
        return answer.StatusCode;
    }

    /// <returns>When the first bytes of its answer are here, which then goes on for long.</returns>
    private static async Task<HttpResponseMessage> BeginAsync(LiveGateway gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                """{"model":"sim-8b","messages":[{"role":"user","content":"hi"}],"stream":true,"max_tokens":20000,"ignore_eos":true}""", Encoding.UTF8, "application/json"),
        };
        var answer = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer;
    }
}
