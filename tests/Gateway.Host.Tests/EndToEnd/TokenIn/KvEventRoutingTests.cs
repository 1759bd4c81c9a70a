using System.Net;
using System.Text;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;
using Gateway.Simulator;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>What engines tell of their KV caches, over real sockets, decides where prompts go.</summary>
public sealed class KvEventRoutingTests
{
    /// <summary>So many that chance does not send them all where they belong: one in 65,000.</summary>
    private const int Prompts = 16;

    private const int MostRounds = 20;

    [Theory]
    [InlineData(SimulatedRuntime.SgLang)]
    [InlineData(SimulatedRuntime.Vllm)]
    public async Task A_prompt_goes_to_the_engine_that_says_it_has_its_beginning_whoever_sent_it_there(SimulatedRuntime runtime)
    {
        await using var gateway = await SimulatedGateway.StartAsync(
            engines: 2,
            new SimulatorOptions { Timings = EngineTimings.Fast, Runtime = runtime },
            static options => options with { Fleet = options.Fleet with { Policy = "cache_aware" } });
        // Two more gateways, with one engine each: this one cannot know what they send.
        await using var first = await StartOtherAsync(gateway, gateway.Engines[0]);
        await using var second = await StartOtherAsync(gateway, gateway.Engines[1]);
        WebApplication[] others = [first, second];
        using var client = new HttpClient();
        var random = new Random(1);

        // What an engine tells takes a while to arrive: each round waits longer between sending and asking.
        for (var round = 1; ; round++)
        {
            Assert.True(round <= MostRounds, "prompts go anywhere");
            var prompts = Enumerable.Range(0, Prompts).Select(number => (Owner: random.Next(2), Members: MembersOf(round, number))).ToArray();
            foreach (var (owner, members) in prompts)
            {
                using var sent = await client.PostAsync(
                    new Uri($"{others[owner].Urls.First()}/v1/completions"), new StringContent($$"""{"model":"sim-8b",{{members}}}""", Encoding.UTF8, "application/json"));
                Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50 * round));
            var right = 0;
            foreach (var (owner, members) in prompts)
            {
                var before = gateway.Engines[owner].Stats.Started;
                using var answer = await gateway.CompleteAsync(members);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                right += gateway.Engines[owner].Stats.Started > before ? 1 : 0;
            }

            if (right == Prompts)
                return;
        }
    }

    /// <summary>A prompt that begins as no other does.</summary>
    private static string MembersOf(int round, int number) =>
        $"\"prompt\":\"{round}, {number}: {new string((char)('a' + (number % 26)), 400)}\",\"max_tokens\":1";

    private static async Task<WebApplication> StartOtherAsync(SimulatedGateway gateway, SimulatedWorker engine)
    {
        var app = GatewayApplication.Create(new GatewayOptions
        {
            Listen = new ListenOptions { Host = "127.0.0.1", Port = 0 },
            Fleet = new FleetOptions { WorkerUrls = [WorkerUrl.Parse(engine.GrpcUrl!.ToString())] },
            Text = new TextOptions { TokenizerPath = gateway.TokenizerPath },
            Health = LiveGateway.QuickHealth,
            Log = new LogOptions { Level = "error" },
        });
        await app.StartAsync();
        var view = app.Services.GetRequiredService<RegistryView>();
        await Support.Eventually.HoldsAsync(() => view.Current.Workers.Values.Any(static entry => entry.State == WorkerState.Ready), "the other gateway is ready");
        return app;
    }
}
