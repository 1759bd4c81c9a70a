using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>Policies at work in a whole gateway over simulated engines.</summary>
public sealed class PolicyChangeTests
{
    private const string Model = "sim-8b";

    [Fact]
    public async Task Changing_the_policy_under_load_drops_no_request_while_engines_die_and_come_back()
    {
        await using var gateway = await LiveGateway.StartAsync(
            engines: 4, static options => options with { Retry = options.Retry with { BudgetRatio = 1 } });
        var workers = new HashSet<Worker>();
        var killed = new List<(string Engine, long At)>();
        await using var load = ClientLoad.Start(gateway, clients: 32, streamTokens: 40);
        foreach (var name in PolicyCatalog.Names)
        {
            await ChooseAsync(gateway, name);
            await load.ServesAsync(20);
            await Eventually.HoldsAsync(() => gateway.Engines.Workers.Any(engine => load.StreamsFrom(engine) > 0), "some stream");
            // Where most streams are, so that it hurts under the policies too that have favourites.
            var victim = gateway.Engines.Workers.MaxBy(load.StreamsFrom)!;
            workers.UnionWith(gateway.View.Current.Workers.Values.Select(static entry => entry.Worker));
            killed.Add((victim.Name, Stopwatch.GetTimestamp()));
            await victim.CrashAsync();
            await load.ServesAsync(20);
            // One that is back before its death was noticed stays the same incarnation, whose open breaker keeps it out for a minute.
            await Eventually.HoldsAsync(() => gateway.EntryOf(victim).State != WorkerState.Ready, "the victim is out of routing");
            await victim.ReviveAsync();
            await Eventually.HoldsAsync(() => gateway.Ready >= 3, $"engines are back under {name}");
        }

        var answers = await load.StopAsync();
        Answers.All(answers, static answer => answer.Status == HttpStatusCode.OK);
        Assert.Contains(answers, static answer => answer.Ending == Ending.ErrorEvent);
        // Nothing breaks whose engine was alive.
        Answers.All(answers, answer =>
            answer.Ending == Ending.Whole
            || (answer.Ending == Ending.ErrorEvent && killed.Exists(kill => kill.Engine == answer.Engine && kill.At < answer.Ended)));
        workers.UnionWith(gateway.View.Current.Workers.Values.Select(static entry => entry.Worker));
        await Eventually.HoldsAsync(
            () => workers.All(static worker => worker is { Load: 0, PendingPromptBytes: 0 }), "no incarnation counts a request any more");
    }

    [Theory]
    [InlineData("consistent_hashing", "X-Routing-Key")]
    [InlineData("consistent_hashing", "X-SMG-Routing-Key")]
    [InlineData("manual", "X-Routing-Key")]
    public async Task A_session_stays_on_its_engine(string policy, string header)
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 4, With(policy), EngineTimings.Fast);
        var engines = new HashSet<string>();
        for (var session = 0; session < 16; session++)
        {
            var seen = new HashSet<string>();
            for (var turn = 0; turn < 4; turn++)
                seen.Add(await EngineOfAsync(gateway, $"turn {turn}", header, $"session {session}"));
            engines.Add(Assert.Single(seen));
        }

        Assert.True(engines.Count > 1);
    }

    [Fact]
    public async Task A_client_may_ask_for_its_engine()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 3, With("consistent_hashing"));
        foreach (var engine in gateway.Engines.Workers)
        {
            Assert.Equal(engine.Name, await EngineOfAsync(gateway, "hello", "X-Target-Worker", gateway.EntryOf(engine).Worker.Id.ToString()));
            Assert.Equal(engine.Name, await EngineOfAsync(gateway, "hello", "X-SMG-Target-Worker", gateway.EntryOf(engine).Worker.Spec.Url.Text));
        }
    }

    [Fact]
    public async Task Engines_are_asked_for_their_load_when_the_policy_turns_to_one_that_wants_to_know()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 2, options => options with
        {
            Routing = options.Routing with { LoadMonitorInterval = TimeSpan.FromMilliseconds(100) },
        });
        Assert.All(gateway.View.Current.Workers.Values, static entry => Assert.Null(entry.Worker.EngineLoad));
        await ChooseAsync(gateway, "least_load");
        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.All(static entry => entry.Worker.EngineLoad is { CapacityTokens: > 0 }), "both have reported");
        using var answer = await SendAsync(gateway, "hello", key: null, stream: false);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static Func<GatewayOptions, GatewayOptions> With(string policy) =>
        options => options with { Fleet = options.Fleet with { Policy = policy } };

    private static async Task ChooseAsync(LiveGateway gateway, string policy)
    {
        using var answer = await gateway.Client.PutAsJsonAsync(new Uri($"/policies/{Model}", UriKind.Relative), new { policy });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<string> EngineOfAsync(LiveGateway gateway, string prompt, string header, string value)
    {
        using var answer = await SendAsync(gateway, prompt, header: header, key: value);
        return answer.Headers.GetValues("x-simulated-engine").Single();
    }

    private static Task<HttpResponseMessage> SendAsync(
        LiveGateway gateway, string prompt, string? key, bool stream = false, string header = "X-Routing-Key")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = new StringContent(
                $$"""{"model":"{{Model}}","stream":{{(stream ? "true" : "false")}},"max_tokens":10,"messages":[{"role":"user","content":"{{prompt}}"}]}""",
                Encoding.UTF8,
                "application/json"),
        };
        if (key is not null)
            request.Headers.Add(header, key);
        return gateway.Client.SendAsync(request);
    }
}
