using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>A generation that nobody waits for any more is ended on the engine, and no other with it.</summary>
public sealed class AbortTests
{
    /// <summary>At 8 ms a token, longer than any test.</summary>
    private const string Endless = "\"max_tokens\":20000,\"ignore_eos\":true";

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 3)]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    public async Task A_client_that_leaves_ends_its_generation_and_nobody_elses(bool stream, int choices)
    {
        await using var gateway = await SimulatedGateway.StartAsync(engines: 1);
        var engine = new EngineBooks(gateway.Engines[0]);
        var bystander = gateway.CompleteAsync("\"prompt\":\"another\",\"max_tokens\":100,\"stream\":true");
        using var gone = new CancellationTokenSource();

        var leaving = LeaveAsync(gateway, $"\"prompt\":\"x\",{Endless},\"n\":{choices},\"stream\":{Word(stream)}", gone.Token);
        await Eventually.HoldsAsync(() => engine.Running == choices + 1, "both generate");
        await gone.CancelAsync();
        await leaving;

        await engine.HasAbortedAsync(1);
        using var whole = await bystander;
        Assert.EndsWith("data: [DONE]\n\n", await whole.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await engine.IsAtRestAsync(finished: 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_leaves_ends_all_generations_of_its_batch(bool stream)
    {
        await using var gateway = await SimulatedGateway.StartAsync(engines: 1);
        var engine = new EngineBooks(gateway.Engines[0]);
        using var gone = new CancellationTokenSource();

        var leaving = LeaveAsync(gateway, $"\"prompt\":[\"x\",\"y\",\"z\"],{Endless},\"n\":2,\"stream\":{Word(stream)}", gone.Token);
        await Eventually.HoldsAsync(() => engine.Running == 6, "all choices of all prompts are generated");
        await gone.CancelAsync();
        await leaving;

        await engine.HasAbortedAsync(3);
        await engine.IsAtRestAsync(finished: 0);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    public async Task A_stop_text_that_only_the_gateway_can_see_ends_the_generation(bool stream, int choices)
    {
        // To the engine these are tokens without a text.
        int[] tokens = [.. Encoding.UTF8.GetBytes($"one STOP{string.Concat(Enumerable.Repeat(" two", 10_000))}").Select(static value => (int)value)];
        await using var gateway = await SimulatedGateway.StartAsync(1, new SimulatorOptions { Script = AnswerScript.OfTokens(tokens) });
        var engine = new EngineBooks(gateway.Engines[0]);

        using var response = await gateway.CompleteAsync($"\"prompt\":\"x\",\"stop\":\"STOP\",{Endless},\"n\":{choices},\"stream\":{Word(stream)}");

        Assert.Equal(Enumerable.Repeat("one ", choices), Texts(await response.Content.ReadAsStringAsync(), stream));
        await engine.HasAbortedAsync(1);
        await engine.IsAtRestAsync(finished: 0);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(false, 3)]
    public async Task A_request_that_takes_too_long_ends_on_the_engine_too(bool stream, int choices)
    {
        await using var gateway = await SimulatedGateway.StartAsync(1, configure: static options => options with
        {
            Timeouts = options.Timeouts with { Request = TimeSpan.FromSeconds(1) },
        });
        var engine = new EngineBooks(gateway.Engines[0]);

        using var response = await gateway.CompleteAsync($"\"prompt\":\"x\",{Endless},\"n\":{choices},\"stream\":{Word(stream)}");

        Assert.Equal(stream ? HttpStatusCode.OK : HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Contains("\"error\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await engine.HasAbortedAsync(1);
        await engine.IsAtRestAsync(finished: 0);
    }

    private static async Task LeaveAsync(SimulatedGateway gateway, string members, CancellationToken gone)
    {
        try
        {
            using var response = await gateway.CompleteAsync(members, gone);
            await response.Content.ReadAsStringAsync(gone);
            Assert.Fail("The answer has an end.");
        }
        catch (OperationCanceledException)
        {
            // It left.
        }
    }

    private static string Word(bool value) => value ? "true" : "false";

    /// <summary>What each choice says, in order; of a stream there is one choice.</summary>
    private static IEnumerable<string> Texts(string answer, bool stream)
    {
        if (!stream)
            return [.. Choices(answer).Select(Text)];
        var events = answer.Split('\n').Where(static line => line.StartsWith("data: {", StringComparison.Ordinal));
        return [string.Concat(events.SelectMany(static line => Choices(line[6..])).Select(Text))];

        static IEnumerable<JsonElement> Choices(string json) => JsonDocument.Parse(json).RootElement.GetProperty("choices").EnumerateArray();
        static string Text(JsonElement choice) => choice.GetProperty("text").GetString()!;
    }

    /// <summary>What an engine says of its generations.</summary>
    private sealed class EngineBooks
    {
        private readonly SimulatedWorker _engine;
        private readonly ConcurrentQueue<string> _ids = new();

        public EngineBooks(SimulatedWorker engine)
        {
            _engine = engine;
            engine.Submitted += _ids.Enqueue;
        }

        public int Running => _engine.Stats.Running;

        /// <summary>So many generations were aborted, and the engine was told so: that a call broke off may be lost on the way.</summary>
        public Task HasAbortedAsync(int generations) => Eventually.HoldsAsync(
            () => _engine.Stats.Aborted == generations && Calls("Abort") == generations, $"{generations} are aborted");

        public async Task IsAtRestAsync(int finished)
        {
            await Eventually.HoldsAsync(() => _engine.Stats is { Running: 0, Waiting: 0, KvUsedTokens: 0 }, "the engine has nothing to do");
            var stats = _engine.Stats;
            Assert.Equal((finished, 0), (stats.Finished, stats.Failed));
            Assert.Equal(stats.Aborted + finished, stats.Started);
            var ids = _ids.ToArray();
            Assert.Equal(stats.Started, ids.Length);
            Assert.DoesNotContain(ids, id => ids.Count(other => other.StartsWith(id, StringComparison.Ordinal)) > 1);
        }

        private long Calls(string method) => _engine.Stats.RequestsByPath.Where(pair => pair.Key.EndsWith($"/{method}", StringComparison.Ordinal)).Sum(static pair => pair.Value);
    }
}
