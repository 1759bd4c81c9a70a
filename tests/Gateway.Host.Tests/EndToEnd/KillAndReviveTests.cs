using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>Real engines are killed and revived under load, as a node failure does it, and the clients' side is looked at.</summary>
public sealed class KillAndReviveTests
{
    private const int Clients = 32;

    [Fact]
    public async Task An_engine_killed_under_load_costs_no_client_an_error_before_the_first_byte()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 4);
        var victim = gateway.Engines.Workers[0];
        var before = gateway.EntryOf(victim).Worker;
        await using var load = ClientLoad.Start(gateway, Clients, streamTokens: 250);
        await Eventually.HoldsAsync(() => load.StreamsFrom(victim) > 2, "the victim is in the middle of some streams");

        await victim.CrashAsync();
        await Eventually.HoldsAsync(() => gateway.EntryOf(victim).State != WorkerState.Ready, "the victim is out of routing");
        await load.ServesAsync(4 * Clients);
        await victim.ReviveAsync();
        await Eventually.HoldsAsync(() => gateway.EntryOf(victim).State == WorkerState.Ready, "the victim is back");
        var after = gateway.EntryOf(victim).Worker;
        await Eventually.HoldsAsync(() => after.Load > 2, "the new incarnation is at work");
        await load.ServesAsync(4 * Clients);

        Assert.True(after.Epoch > before.Epoch);
        Assert.NotSame(before.Client, after.Client);
        var answers = await load.StopAsync();
        Answers.All(answers, static answer => answer.Status == HttpStatusCode.OK);
        // What was running on the victim broke after its first byte, and says so. Everything else is whole.
        Assert.Contains(answers, static answer => answer.Ending == Ending.ErrorEvent);
        Assert.DoesNotContain(answers, static answer => answer.Ending == Ending.SilentCut);
        await Eventually.HoldsAsync(() => before.Load == 0, "the old incarnation is idle");
        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.All(static entry => entry.Worker.Load == 0), "no request is counted any more");
    }

    [Fact]
    public async Task With_all_engines_dead_the_answer_is_503_and_with_one_back_it_is_200()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 2);
        foreach (var engine in gateway.Engines.Workers)
            await engine.CrashAsync();
        // The first requests find out; whatever they find, the answer is an error in OpenAI's shape and soon a 503.
        await Eventually.HoldsAsync(() => gateway.Ready == 0 || Probe(gateway).GetAwaiter().GetResult() != HttpStatusCode.OK, "requests fail");
        await Eventually.HoldsAsync(() => gateway.Ready == 0, "both are out of routing");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Probe(gateway));
        await gateway.Engines.Workers[1].ReviveAsync();
        await Eventually.HoldsAsync(() => gateway.Ready == 1, "one is back");
        Assert.Equal(HttpStatusCode.OK, await Probe(gateway));
    }

    private static async Task<HttpStatusCode> Probe(LiveGateway gateway)
    {
        using var answer = await gateway.Client.PostAsync(
            new Uri("/v1/chat/completions", UriKind.Relative), ClientLoad.Request(stream: false, maxTokens: 2));
        return answer.StatusCode;
    }
}
