using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Actors.Workers;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>A whole gateway over simulated prefill and decode engines, which meet over real connections as SGLang's do.</summary>
public sealed class PairTourTests
{
    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"sim-8b","max_tokens":12,"seed":5,"messages":[{"role":"user","content":"hello"}]}""")]
    [InlineData("/v1/completions", """{"model":"sim-8b","max_tokens":5,"seed":5,"prompt":["one","two and three","four"]}""")]
    [InlineData("/generate", """{"text":"hello","sampling_params":{"max_new_tokens":9,"sampling_seed":5}}""")]
    [InlineData("/generate", """{"text":["a","b c"],"sampling_params":{"max_new_tokens":9,"sampling_seed":5}}""")]
    [InlineData("/generate", """{"text":"hello you","return_logprob":true,"logprob_start_len":0,"sampling_params":{"max_new_tokens":9,"sampling_seed":5}}""")]
    public async Task A_pair_answers_what_one_engine_would(string path, string body)
    {
        await using var pairs = await LiveGateway.StartPairsAsync(prefill: 2, decode: 2, timings: EngineTimings.Fast);
        await using var alone = await LiveGateway.StartAsync(1, timings: EngineTimings.Fast);

        Assert.Equal(await WhatIsSaidAsync(alone, path, body), await WhatIsSaidAsync(pairs, path, body));
        Assert.Equal(
            Prompts(body), pairs.Engines.Workers.Where(static engine => engine.Options.Role == SimulatorRole.Prefill).Sum(static engine => engine.Stats.RoomsHandedOver));
        await AssertAtRestAsync(pairs);
    }

    [Fact]
    public async Task A_stream_comes_whole_from_the_decode_engine()
    {
        await using var gateway = await LiveGateway.StartPairsAsync(prefill: 1, decode: 1, timings: EngineTimings.Fast);

        using var answer = await gateway.Client.PostAsync(
            new Uri("/v1/chat/completions", UriKind.Relative), ClientLoad.Request(stream: true, maxTokens: 20));

        Assert.Equal("decode-0", answer.Headers.GetValues("x-simulated-engine").Single());
        Assert.EndsWith("data: [DONE]\n\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await AssertAtRestAsync(gateway);
    }

    [Fact]
    public async Task A_client_that_leaves_leaves_neither_half_at_work()
    {
        await using var gateway = await LiveGateway.StartPairsAsync(prefill: 1, decode: 1);
        // A prefill of some seconds, and then one of none.
        foreach (var words in new[] { 20_000, 1 })
        {
            using var gone = new CancellationTokenSource();
            var body = $$"""{"model":"sim-8b","stream":true,"max_tokens":5000,"messages":[{"role":"user","content":"{{string.Join(' ', Enumerable.Range(0, words))}}"}]}""";
            using var message = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            var request = gateway.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, gone.Token);
            if (words > 1)
                await Eventually.HoldsAsync(() => gateway.Engines.Workers.All(static engine => engine.Stats is { Running: > 0 } or { Waiting: > 0 }), "both halves work");
            else
                (await (await request).Content.ReadAsStreamAsync()).Dispose();
            await gone.CancelAsync();
            await Task.WhenAny(request);
            await AssertAtRestAsync(gateway);
        }
    }

    [Theory]
    [InlineData(SimulatorRole.Prefill)]
    [InlineData(SimulatorRole.Decode)]
    public async Task A_half_that_dies_and_comes_back_under_load_costs_no_client_an_error_before_its_first_byte(SimulatorRole role)
    {
        await using var gateway = await LiveGateway.StartPairsAsync(prefill: 2, decode: 2, static options => options with
        {
            Retry = options.Retry with { BudgetRatio = 1, InitialBackoff = TimeSpan.FromMilliseconds(10) },
        });
        var victim = gateway.Engines.Workers.First(engine => engine.Options.Role == role);
        var load = ClientLoad.Start(gateway, clients: 12, streamTokens: 40);
        for (var round = 0; round < 3; round++)
        {
            await load.ServesAsync(20);
            await victim.CrashAsync();
            await load.ServesAsync(20);
            await Eventually.HoldsAsync(() => gateway.EntryOf(victim).State != WorkerState.Ready, "it is out of routing");
            await victim.ReviveAsync();
            await Eventually.HoldsAsync(() => gateway.EntryOf(victim).State == WorkerState.Ready, "it is ready again");
        }

        var answers = await load.StopAsync();

        Answers.All(answers, static answer => answer.Status == HttpStatusCode.OK);
        Assert.DoesNotContain(answers, static answer => answer.Ending == Ending.SilentCut);
        // What dies with the prefill engine has sent nothing yet, or does not need it any more.
        if (role == SimulatorRole.Prefill)
            Answers.All(answers, static answer => answer.Ending == Ending.Whole);
        await AssertAtRestAsync(gateway);
    }

    private static int Prompts(string body)
    {
        var json = JsonDocument.Parse(body).RootElement;
        var prompt = json.TryGetProperty("prompt", out var found) || json.TryGetProperty("text", out found) ? found : default;
        return prompt.ValueKind == JsonValueKind.Array ? prompt.GetArrayLength() : 1;
    }

    /// <summary>The answer without ids, times, and what is known to be another engine's business.</summary>
    private static async Task<string> WhatIsSaidAsync(LiveGateway gateway, string path, string body)
    {
        using var response = await gateway.Client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        var said = new StringBuilder();
        Collect(JsonDocument.Parse(text).RootElement, "", said);
        return said.ToString();
    }

    private static void Collect(JsonElement json, string name, StringBuilder said)
    {
        if (name is "id" or "created" or "e2e_latency" or "cached_tokens" or "system_fingerprint")
            return;
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in json.EnumerateObject())
                Collect(property.Value, property.Name, said);
        }
        else if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in json.EnumerateArray())
                Collect(item, name, said);
        }
        else
        {
            said.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"{name}={json}");
        }
    }

    private static async Task AssertAtRestAsync(LiveGateway gateway)
    {
        await Eventually.HoldsAsync(
            () => gateway.View.Current.Workers.Values.All(static entry => entry.Worker is { Load: 0, PendingPromptBytes: 0 }), "no request is counted any more");
        await Eventually.HoldsAsync(
            () => gateway.Engines.Workers.All(static engine => engine.Stats is { Running: 0, Waiting: 0, RoomsOpen: 0 }), "no engine works any more");
    }
}
