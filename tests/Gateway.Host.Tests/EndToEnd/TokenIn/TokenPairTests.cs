using System.Net;
using System.Text.Json;
using Gateway.Actors.Workers;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>Completions by prefill and decode engines over gRPC, which pass the cache on over real connections.</summary>
public sealed class TokenPairTests
{
    public static TheoryData<PairKind> Kinds => [PairKind.SgLang, PairKind.VllmOverNixl, PairKind.VllmOverMooncake];

    public static TheoryData<PairKind, SimulatorRole> Halves
    {
        get
        {
            var data = new TheoryData<PairKind, SimulatorRole>();
            foreach (var kind in Enum.GetValues<PairKind>())
            {
                data.Add(kind, SimulatorRole.Prefill);
                data.Add(kind, SimulatorRole.Decode);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_pair_answers_what_one_engine_would(PairKind kind)
    {
        await using var pairs = await TokenPairGateway.StartAsync(kind, prefill: 2, decode: 2);
        await using var alone = await TokenPairGateway.StartAloneAsync(kind);
        string[] prompts = ["\"prompt\":\"hello you\",\"logprobs\":2", "\"prompt\":[\"one\",\"two and three\",\"four\"]"];
        foreach (var prompt in prompts)
        {
            Assert.Equal(await WholeAsync(alone, prompt), await WholeAsync(pairs, prompt));
            Assert.Equal(await StreamAsync(alone, prompt), await StreamAsync(pairs, prompt));
        }

        await pairs.ComesToRestAsync();
        Assert.Equal(8, pairs.Prefill.Sum(static engine => engine.Stats.RoomsHandedOver));
        Assert.Equal(8, pairs.Decode.Sum(static engine => engine.Stats.RoomsHandedOver));
        Assert.Equal(0, pairs.Live.Engines.Workers.Sum(static engine => engine.Stats.Aborted));
    }

    [Fact]
    public async Task Each_of_several_choices_of_SGLang_has_a_room_of_its_own()
    {
        await using var pairs = await TokenPairGateway.StartAsync(PairKind.SgLang);
        await using var alone = await TokenPairGateway.StartAloneAsync(PairKind.SgLang);
        const string prompt = "\"prompt\":[\"a\",\"b\"],\"max_tokens\":30";

        // The simulated engine says the same to the same prompt.
        var expected = (await TextsAsync(alone, prompt)).SelectMany(static text => Enumerable.Repeat(text, 2));
        Assert.Equal(expected, await TextsAsync(pairs, prompt + ",\"n\":2"));

        await pairs.ComesToRestAsync();
        Assert.Equal(4, pairs.Prefill[0].Stats.RoomsHandedOver);
    }

    [Theory]
    [InlineData(PairKind.VllmOverNixl)]
    [InlineData(PairKind.VllmOverMooncake)]
    public async Task Several_choices_of_vLLM_are_the_decode_engines_alone(PairKind kind)
    {
        await using var pairs = await TokenPairGateway.StartAsync(kind);
        await using var alone = await TokenPairGateway.StartAloneAsync(kind);
        const string request = "\"prompt\":\"hello\",\"n\":2";

        Assert.Equal(await WholeAsync(alone, request), await WholeAsync(pairs, request));

        await pairs.ComesToRestAsync();
        Assert.Equal((0, 1), (pairs.Prefill[0].Stats.Started, pairs.Decode[0].Stats.Started));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_was_cached_is_what_the_prefill_engine_had(PairKind kind)
    {
        await using var gateway = await TokenPairGateway.StartAsync(kind);
        var prompt = $"\"prompt\":\"{new string('x', 200)}\",\"max_tokens\":1";
        var cached = new List<int>();
        for (var turn = 0; turn < 2; turn++)
        {
            var usage = JsonDocument.Parse(await TextAsync(await gateway.CompleteAsync(prompt))).RootElement.GetProperty("usage");
            cached.Add(usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
        }

        Assert.Equal([0, 192], cached);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_client_that_leaves_leaves_neither_half_at_work(PairKind kind)
    {
        // A prefill of some seconds, and then one of none.
        await using var gateway = await TokenPairGateway.StartAsync(kind, engine: static options => options with { Timings = EngineTimings.Default });
        foreach (var letters in new[] { 60_000, 1 })
        {
            using var gone = new CancellationTokenSource();
            var request = gateway.CompleteAsync($"\"prompt\":\"{new string('x', letters)}\",\"stream\":true,\"max_tokens\":5000,\"ignore_eos\":true", gone.Token);
            if (letters > 1)
                await Eventually.HoldsAsync(() => gateway.Prefill[0].Stats is { Running: > 0 } or { Waiting: > 0 }, "the prefill works");
            else
                (await (await request).Content.ReadAsStreamAsync()).Dispose();
            await gone.CancelAsync();
            await Task.WhenAny(request);
            await gateway.ComesToRestAsync();
        }

        // The decode engine may see the prefill go before it is told to abort.
        Assert.InRange(gateway.Prefill[0].Stats.Aborted, 1, 1);
    }

    [Theory]
    [InlineData(PairKind.SgLang, HttpStatusCode.OK)]
    [InlineData(PairKind.VllmOverNixl, HttpStatusCode.ServiceUnavailable)]
    public async Task Halves_that_fit_make_the_gateway_ready_and_others_serve_nothing(PairKind prefill, HttpStatusCode expected)
    {
        await using var gateway = await TokenPairGateway.StartAsync(
            [
                TokenPairGateway.Engine(prefill, static options => options with { Role = SimulatorRole.Prefill }),
                TokenPairGateway.Engine(PairKind.SgLang, static options => options with { Role = SimulatorRole.Decode }),
            ],
            configure: null);

        using var readiness = await gateway.Live.Client.GetAsync(new Uri("/readiness", UriKind.Relative));
        using var answer = await gateway.CompleteAsync("\"prompt\":\"x\"");

        Assert.Equal((expected, expected), (readiness.StatusCode, answer.StatusCode));
    }

    [Theory]
    [MemberData(nameof(Halves))]
    public async Task A_half_that_dies_and_comes_back_under_load_costs_no_client_an_error_before_its_first_byte(PairKind kind, SimulatorRole role)
    {
        await using var gateway = await TokenPairGateway.StartAsync(
            kind,
            prefill: 2,
            decode: 2,
            static options => options with { Retry = options.Retry with { BudgetRatio = 1, InitialBackoff = TimeSpan.FromMilliseconds(10) } },
            static options => options with { Timings = EngineTimings.Default });
        var live = gateway.Live;
        var victim = live.Engines.Workers.First(engine => engine.Options.Role == role);
        var load = ClientLoad.Start(live, clients: 12, streamTokens: 40, completes: true);
        for (var round = 0; round < 3; round++)
        {
            await load.ServesAsync(20);
            await victim.CrashAsync();
            await load.ServesAsync(20);
            await Eventually.HoldsAsync(() => live.EntryOf(victim).State != WorkerState.Ready, "it is out of routing");
            await victim.ReviveAsync();
            await Eventually.HoldsAsync(() => live.EntryOf(victim).State == WorkerState.Ready, "it is ready again");
        }

        var answers = await load.StopAsync();

        Answers.All(answers, static answer => answer.Status == HttpStatusCode.OK);
        Assert.DoesNotContain(answers, static answer => answer.Ending == Ending.SilentCut);
        // What dies with the prefill engine has sent nothing yet, or does not need it any more.
        if (role == SimulatorRole.Prefill)
            Answers.All(answers, static answer => answer.Ending == Ending.Whole);
        await gateway.ComesToRestAsync();
    }

    private static async Task<string> WholeAsync(TokenPairGateway gateway, string members) =>
        Said(JsonDocument.Parse(await TextAsync(await gateway.CompleteAsync(members + ",\"max_tokens\":40"))).RootElement);

    /// <summary>The text of each choice, and the end of the stream.</summary>
    private static async Task<string> StreamAsync(TokenPairGateway gateway, string members)
    {
        var events = await TextAsync(await gateway.CompleteAsync(members + ",\"max_tokens\":40,\"stream\":true"));
        var texts = new SortedDictionary<int, string>();
        foreach (var line in events.Split('\n').Where(static line => line.StartsWith("data: {", StringComparison.Ordinal)))
        {
            var choice = JsonDocument.Parse(line[6..]).RootElement.GetProperty("choices")[0];
            var index = choice.GetProperty("index").GetInt32();
            texts[index] = texts.GetValueOrDefault(index) + choice.GetProperty("text").GetString() + choice.GetProperty("finish_reason").GetString();
        }

        return string.Join('|', texts.Values) + events[^"data: [DONE]\n\n".Length..];
    }

    private static async Task<string[]> TextsAsync(TokenPairGateway gateway, string members) =>
        [.. JsonDocument.Parse(await TextAsync(await gateway.CompleteAsync(members))).RootElement.GetProperty("choices").EnumerateArray().Select(static choice => choice.GetProperty("text").GetString()!)];

    private static async Task<string> TextAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == HttpStatusCode.OK, text);
            return text;
        }
    }

    /// <summary>The choices, and how many tokens there were of what.</summary>
    private static string Said(JsonElement json)
    {
        var usage = json.GetProperty("usage");
        return $"{json.GetProperty("choices")} {usage.GetProperty("prompt_tokens")} {usage.GetProperty("completion_tokens")}";
    }
}
