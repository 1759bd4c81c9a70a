using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Host.Tests.Support;
using Grpc.Core;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>Text completions from engines that take and give tokens.</summary>
public sealed class CompletionTests
{
    [Fact]
    public async Task The_engine_gets_the_prompts_tokens_and_the_client_the_answers_text()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static (_, answer, _) => answer.WriteAsync(TokenInGateway.End("Grüße 👋", 12));

        using var response = await gateway.CompleteAsync("\"prompt\":\"Sag was: ä\",\"max_tokens\":20,\"temperature\":0.5");

        var json = await JsonAsync(response);
        Assert.Equal("text_completion", json.GetProperty("object").GetString());
        Assert.Equal("m", json.GetProperty("model").GetString());
        var choice = json.GetProperty("choices")[0];
        Assert.Equal("Grüße 👋", choice.GetProperty("text").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(
            (3, 12, 15, 1),
            (Number(json, "prompt_tokens"), Number(json, "completion_tokens"), Number(json, "total_tokens"), json.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32()));
        var request = Assert.Single(gateway.Engines[0].Requests);
        Assert.Equal(TokenInGateway.Tokens("Sag was: ä"), request.Tokenized.InputIds);
        Assert.Equal((20u, 0.5f, false), (request.SamplingParams.MaxNewTokens, request.SamplingParams.Temperature, request.Stream));
    }

    [Fact]
    public async Task A_stream_has_each_text_as_it_comes_and_never_half_a_character()
    {
        var step = new SemaphoreSlim(0);
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = async (_, answer, _) =>
        {
            await answer.WriteAsync(TokenInGateway.Chunk("Hi ", 3));
            await step.WaitAsync();
            var wave = TokenInGateway.Tokens("👋");
            await answer.WriteAsync(Actors.Tests.Support.Fakes.FakeSgLang.Chunk(0, 5, wave[..2]));
            await answer.WriteAsync(Actors.Tests.Support.Fakes.FakeSgLang.Chunk(0, 7, wave[2..]));
            await answer.WriteAsync(TokenInGateway.End("!", 8));
        };

        using var response = await gateway.CompleteAsync("\"prompt\":\"x\",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var first = await reader.ReadLineAsync();
        step.Release();
        var rest = await reader.ReadToEndAsync();

        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(["Hi ", "👋", "!", ""], Texts(first + "\n" + rest));
        Assert.Contains("\"finish_reason\":\"stop\"", rest, StringComparison.Ordinal);
        Assert.Contains("\"total_tokens\":11", rest, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", rest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "one ")]
    [InlineData(true, "one STOP")]
    public async Task A_stop_text_that_spans_tokens_ends_the_answer_and_the_generation(bool keep, string expected)
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static async (_, answer, call) =>
        {
            foreach (var piece in new[] { "one S", "TO", "P two" })
                await answer.WriteAsync(TokenInGateway.Chunk(piece, 1));
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        };

        using var response = await gateway.CompleteAsync($"\"prompt\":\"x\",\"stop\":\"STOP\",\"no_stop_trim\":{(keep ? "true" : "false")}");

        var choice = (await JsonAsync(response)).GetProperty("choices")[0];
        Assert.Equal(expected, choice.GetProperty("text").GetString());
        Assert.Equal(("stop", "STOP"), (choice.GetProperty("finish_reason").GetString(), choice.GetProperty("matched_stop").GetString()));
        await AssertAbortedAsync(gateway);
    }

    [Fact]
    public async Task A_client_that_leaves_aborts_its_generation()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static async (_, answer, call) =>
        {
            await answer.WriteAsync(TokenInGateway.Chunk("Hi", 2));
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        };
        using var gone = new CancellationTokenSource();
        var response = await gateway.CompleteAsync("\"prompt\":\"x\",\"stream\":true", gone.Token);

        await gone.CancelAsync();
        response.Dispose();

        await AssertAbortedAsync(gateway);
    }

    [Fact]
    public async Task Each_prompt_of_a_batch_and_each_choice_has_its_own_number()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static async (request, answer, _) =>
        {
            var prompt = Encoding.UTF8.GetString([.. request.Tokenized.InputIds.Select(static id => (byte)id)]);
            for (var index = 0u; index < request.SamplingParams.N; index++)
                await answer.WriteAsync(TokenInGateway.End($"{prompt}{index}", 2, index));
        };

        using var response = await gateway.CompleteAsync("\"prompt\":[\"a\",\"b\"],\"n\":2");

        var json = await JsonAsync(response);
        Assert.Equal(["a0", "a1", "b0", "b1"], json.GetProperty("choices").EnumerateArray().Select(static choice => choice.GetProperty("text").GetString()!));
        Assert.Equal((6, 8), (Number(json, "prompt_tokens"), Number(json, "completion_tokens")));
        var ids = gateway.Engines[0].Requests.Select(static request => request.RequestId).ToArray();
        Assert.Equal(2, ids.Distinct().Count());
    }

    [Fact]
    public async Task An_engine_that_breaks_before_its_first_token_is_replaced_by_another()
    {
        await using var gateway = await TokenInGateway.StartAsync(engines: 2);
        gateway.Engines[0].OnGenerate = static (_, _, _) => throw new RpcException(new Status(StatusCode.Unavailable, "gone"));

        for (var i = 0; i < 4; i++)
        {
            using var response = await gateway.CompleteAsync("\"prompt\":\"x\"");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(4, gateway.Engines[1].Requests.Count);
        Assert.NotEmpty(gateway.Engines[0].Requests);
    }

    [Fact]
    public async Task A_stream_that_breaks_later_ends_with_an_error_event()
    {
        await using var gateway = await TokenInGateway.StartAsync(engines: 2);
        foreach (var engine in gateway.Engines)
        {
            engine.OnGenerate = static async (_, answer, _) =>
            {
                await answer.WriteAsync(TokenInGateway.Chunk("Hi", 2));
                throw new RpcException(new Status(StatusCode.Unavailable, "gone"));
            };
        }

        using var response = await gateway.CompleteAsync("\"prompt\":\"x\",\"stream\":true");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains("\"text\":\"Hi\"", text, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"stream_interrupted\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.Equal(1, gateway.Engines.Sum(static engine => engine.Requests.Count));
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, 400, "invalid_request")]
    [InlineData(StatusCode.Unimplemented, 400, "unsupported")]
    [InlineData(StatusCode.ResourceExhausted, 503, "engine_busy")]
    [InlineData(StatusCode.Internal, 500, "engine_error")]
    public async Task An_engines_refusal_is_an_error_of_the_API(StatusCode status, int expected, string code)
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = (_, _, _) => throw new RpcException(new Status(status, "because"));

        using var response = await gateway.CompleteAsync("\"prompt\":\"x\",\"stream\":true");

        await ApiAssert.ErrorAsync(response, expected, code);
    }

    [Theory]
    [InlineData("\"x\":1", "missing_required_parameter", "prompt")]
    [InlineData("\"prompt\":5", "invalid_type", "prompt")]
    [InlineData("\"prompt\":[[]]", "empty_array", "prompt[0]")]
    [InlineData("\"prompt\":\"x\",\"temperature\":3", "decimal_above_max_value", "temperature")]
    [InlineData("\"prompt\":\"x\",\"temperature\":\"hot\"", "invalid_type", "temperature")]
    [InlineData("\"prompt\":\"x\",\"n\":0", "integer_below_min_value", "n")]
    [InlineData("\"prompt\":\"x\",\"logit_bias\":{\"a\":1}", "invalid_value", "logit_bias")]
    [InlineData("\"prompt\":\"x\",\"logit_bias\":{\"5\":101}", "decimal_above_max_value", "logit_bias.5")]
    [InlineData("\"prompt\":\"x\",\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]", "array_above_max_length", "stop")]
    [InlineData("\"prompt\":\"x\",\"stop\":[1]", "invalid_type", "stop[0]")]
    [InlineData("\"prompt\":\"x\",\"suffix\":\"y\"", "unsupported_parameter", "suffix")]
    [InlineData("\"prompt\":\"x\",\"best_of\":3", "unsupported_parameter", "best_of")]
    [InlineData("\"prompt\":\"x\",\"stream_options\":{\"include_usage\":true}", "invalid_value", "stream_options")]
    [InlineData("\"prompt\":\"x\",\"stream\":true,\"stream_options\":{\"include_usage\":1}", "invalid_type", "stream_options.include_usage")]
    [InlineData("\"prompt\":\"x\",\"response_format\":{\"type\":\"poem\"}", "invalid_value", "response_format")]
    public async Task What_cannot_be_served_is_refused_as_OpenAI_does_and_reaches_no_engine(string members, string code, string parameter)
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await gateway.CompleteAsync(members);

        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal((code, parameter), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Empty(gateway.Engines[0].Requests);
    }

    [Fact]
    public async Task Half_a_character_in_a_prompt_becomes_the_replacement_character()
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await gateway.CompleteAsync("\"prompt\":[\"a\\ud83d\",\"b\"],\"stop\":\"\\ud83d\"");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(gateway.Engines[0].Requests, static request => request.Tokenized.InputIds.SequenceEqual(TokenInGateway.Tokens("a\uFFFD")));
    }

    [Fact]
    public async Task A_schema_reaches_the_engine_as_its_constraint()
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await gateway.CompleteAsync(
            "\"prompt\":\"x\",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{\"type\":\"object\"}}}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("""{"type":"object"}""", gateway.Engines[0].Requests.Single().SamplingParams.JsonSchema);
    }

    [Fact]
    public async Task What_these_engines_do_not_serve_is_said()
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await gateway.PostAsync("/v1/rerank", "\"query\":\"x\",\"documents\":[\"y\"]");

        await ApiAssert.ErrorAsync(response, 400, "unsupported_endpoint");
    }

    [Fact]
    public async Task Without_a_tokenizer_no_request_is_sent_to_them()
    {
        await using var gateway = await TokenInGateway.StartAsync(knowsTokens: false);

        using var response = await gateway.CompleteAsync("\"prompt\":\"x\"");

        await ApiAssert.ErrorAsync(response, 503, "tokenizer_unavailable");
        Assert.Empty(gateway.Engines[0].Requests);
    }

    private static async Task AssertAbortedAsync(TokenInGateway gateway)
    {
        await Eventually.HoldsAsync(() => !gateway.Engines[0].Aborted.IsEmpty, "the engine was told to abort");
        Assert.Equal(gateway.Engines[0].Requests.Single().RequestId, gateway.Engines[0].Aborted.Single());
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static int Number(JsonElement json, string name) => json.GetProperty("usage").GetProperty(name).GetInt32();

    private static IEnumerable<string> Texts(string events) => events.Split('\n')
        .Where(static line => line.StartsWith("data: {", StringComparison.Ordinal))
        .Select(static line => JsonDocument.Parse(line[6..]).RootElement.GetProperty("choices"))
        .Where(static choices => choices.GetArrayLength() > 0)
        .Select(static choices => choices[0].GetProperty("text").GetString()!);
}
