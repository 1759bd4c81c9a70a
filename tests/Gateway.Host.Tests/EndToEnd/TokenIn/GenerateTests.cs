using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Host.Tests.Support;
using Gateway.Wire.SgLang;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>SGLang's own API over engines that take tokens.</summary>
public sealed class GenerateTests
{
    [Fact]
    public async Task The_engine_is_asked_as_SGLangs_own_server_would()
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await GenerateAsync(gateway, "\"text\":\"Hi\",\"rid\":\"mine\"");

        var id = (await JsonAsync(response)).GetProperty("meta_info").GetProperty("id").GetString();
        var request = gateway.Engines[0].Requests.Single();
        Assert.Equal(TokenInGateway.Tokens("Hi"), request.Tokenized.InputIds);
        // What the model's makers recommend, which the engine has told, counts for OpenAI's endpoints alone.
        Assert.Equal((1f, 1f, -1, 128u), (request.SamplingParams.Temperature, request.SamplingParams.TopP, request.SamplingParams.TopK, request.SamplingParams.MaxNewTokens));
        Assert.Equal("mine", id);
        Assert.NotEqual("mine", request.RequestId);
    }

    [Fact]
    public async Task Parameters_have_SGLangs_names()
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await GenerateAsync(
            gateway,
            "\"input_ids\":[72,105],\"sampling_params\":{\"max_new_tokens\":9,\"min_new_tokens\":2,\"temperature\":3,\"top_k\":5,\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"],"
            + "\"stop_token_ids\":[7],\"ignore_eos\":true,\"no_stop_trim\":true,\"regex\":\"x+\"}");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var sampling = gateway.Engines[0].Requests.Single().SamplingParams;
        Assert.Equal((9u, 2u, 3f, 5), (sampling.MaxNewTokens, sampling.MinNewTokens, sampling.Temperature, sampling.TopK));
        Assert.Equal(5, sampling.Stop.Count);
        Assert.Equal([7u], sampling.StopTokenIds);
        Assert.Equal((true, true, "x+"), (sampling.IgnoreEos, sampling.NoStopTrim, sampling.Regex));
    }

    [Fact]
    public async Task Each_event_of_a_stream_has_all_of_the_answer_so_far()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static async (_, answer, _) =>
        {
            await answer.WriteAsync(TokenInGateway.Chunk("Hi ", 3));
            var wave = TokenInGateway.Tokens("👋");
            await answer.WriteAsync(FakeSgLang.Chunk(0, 5, wave[..2]));
            await answer.WriteAsync(FakeSgLang.Chunk(0, 7, wave[2..]));
            await answer.WriteAsync(TokenInGateway.End("!", 8));
        };

        using var response = await GenerateAsync(gateway, "\"text\":\"x\",\"stream\":true");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        var events = Events(text);
        Assert.Equal(["Hi ", "Hi ", "Hi 👋", "Hi 👋!"], events.Select(static each => each.GetProperty("text").GetString()!));
        Assert.Equal([3, 5, 7, 8], events.Select(static each => each.GetProperty("output_ids").GetArrayLength()));
        Assert.Equal([3, 5, 7, 8], events.Select(static each => Meta(each).GetProperty("completion_tokens").GetInt32()));
        Assert.All(events.SkipLast(1), static each => Assert.Equal(JsonValueKind.Null, Meta(each).GetProperty("finish_reason").ValueKind));
        Assert.Equal("""{"type":"stop","matched":2}""", Meta(events[^1]).GetProperty("finish_reason").GetRawText());
    }

    [Fact]
    public async Task A_stop_text_ends_the_answer_and_the_generation()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static async (_, answer, call) =>
        {
            foreach (var piece in new[] { "one S", "TO", "P two" })
                await answer.WriteAsync(TokenInGateway.Chunk(piece, 1));
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
        };

        using var response = await GenerateAsync(gateway, "\"text\":\"x\",\"sampling_params\":{\"stop\":\"STOP\"}");

        var json = await JsonAsync(response);
        Assert.Equal("one ", json.GetProperty("text").GetString());
        Assert.Equal("""{"type":"stop","matched":"STOP"}""", Meta(json).GetProperty("finish_reason").GetRawText());
        await Eventually.HoldsAsync(() => !gateway.Engines[0].Aborted.IsEmpty, "the engine was told to abort");
    }

    [Theory]
    [InlineData("\"text\":\"a\"", false, "a0")]
    [InlineData("\"text\":\"a\",\"sampling_params\":{\"n\":2}", true, "a0 a1")]
    [InlineData("\"text\":[\"a\"]", true, "a0")]
    [InlineData("\"text\":[\"a\",\"b\"],\"sampling_params\":{\"n\":2}", true, "a0 a1 b0 b1")]
    [InlineData("\"input_ids\":[97]", false, "a0")]
    [InlineData("\"input_ids\":[[97],[98]]", true, "a0 b0")]
    public async Task One_answer_is_an_object_and_several_are_a_list(string members, bool isList, string expected)
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static async (request, answer, _) =>
        {
            for (var index = 0u; index < request.SamplingParams.N; index++)
                await answer.WriteAsync(TokenInGateway.End($"{(char)request.Tokenized.InputIds[0]}{index}", 2, index));
        };

        using var response = await GenerateAsync(gateway, members);

        var json = await JsonAsync(response);
        Assert.Equal(isList ? JsonValueKind.Array : JsonValueKind.Object, json.ValueKind);
        JsonElement[] answers = isList ? [.. json.EnumerateArray()] : [json];
        Assert.Equal(expected, string.Join(' ', answers.Select(static answer => answer.GetProperty("text").GetString())));
        Assert.Equal(Enumerable.Range(0, answers.Length), answers.Select(static answer => answer.GetProperty("index").GetInt32()));
    }

    [Theory]
    [InlineData("\"rid\":[\"x\",\"y\"]", "x", "y")]
    [InlineData("\"rid\":\"z\"", "z_0", "z_1")]
    public async Task The_prompts_of_a_batch_have_names_of_their_own(string members, params string[] expected)
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await GenerateAsync(gateway, $"\"text\":[\"a\",\"b\"],{members}");

        Assert.Equal(expected, (await JsonAsync(response)).EnumerateArray().Select(static answer => Meta(answer).GetProperty("id").GetString()!));
    }

    [Fact]
    public async Task Log_probabilities_are_those_of_the_prompt_from_where_they_are_wanted_and_of_the_answer()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static (_, answer, _) =>
        {
            var end = TokenInGateway.End("!", 1);
            end.Complete.OutputLogprobs = new OutputLogProbs { TokenIds = { '!' }, TokenLogprobs = { -0.25f }, TopLogprobs = { Top('!', -0.25f) } };
            end.Complete.InputLogprobs = new InputLogProbs
            {
                TokenIds = { 'a', 'b' },
                TokenLogprobs = { new InputTokenLogProb(), new InputTokenLogProb { Value = -1.5f } },
                TopLogprobs = { new TopLogProbs(), Top('c', -0.5f) },
            };
            return answer.WriteAsync(end);
        };

        using var response = await GenerateAsync(
            gateway, "\"text\":\"xab\",\"return_logprob\":true,\"logprob_start_len\":1,\"top_logprobs_num\":1,\"return_text_in_logprobs\":true");

        var meta = Meta(await JsonAsync(response));
        Assert.Equal("""[[null,97,"a"],[-1.5,98,"b"]]""", meta.GetProperty("input_token_logprobs").GetRawText());
        Assert.Equal("""[[-0.25,33,"!"]]""", meta.GetProperty("output_token_logprobs").GetRawText());
        Assert.Equal("""[null,[[-0.5,99,"c"]]]""", meta.GetProperty("input_top_logprobs").GetRawText());
        Assert.Equal("""[[[-0.25,33,"!"]]]""", meta.GetProperty("output_top_logprobs").GetRawText());
        var request = gateway.Engines[0].Requests.Single();
        Assert.Equal((true, 1, 1), (request.ReturnLogprob, request.LogprobStartLen, request.TopLogprobsNum));

        static TopLogProbs Top(char token, float value) => new() { TokenIds = { token }, Values = { value } };
    }

    [Theory]
    [InlineData("\"x\":1", "missing_required_parameter", "text")]
    [InlineData("\"text\":5", "invalid_type", "text")]
    [InlineData("\"text\":\"\"", "invalid_value", "text")]
    [InlineData("\"text\":[]", "empty_array", "text")]
    [InlineData("\"input_ids\":[]", "empty_array", "input_ids")]
    [InlineData("\"input_ids\":\"a\"", "invalid_type", "input_ids")]
    [InlineData("\"input_ids\":[[97],5]", "invalid_type", "input_ids[1]")]
    [InlineData("\"text\":\"a\",\"sampling_params\":5", "invalid_type", "sampling_params")]
    [InlineData("\"text\":\"a\",\"sampling_params\":{\"top_p\":2}", "decimal_above_max_value", "sampling_params.top_p")]
    [InlineData("\"text\":\"a\",\"sampling_params\":{\"n\":0}", "integer_below_min_value", "sampling_params.n")]
    [InlineData("\"text\":\"a\",\"sampling_params\":{\"regex\":\"a\",\"ebnf\":\"b\"}", "invalid_value", "ebnf")]
    [InlineData("\"text\":\"a\",\"sampling_params\":{\"stop_regex\":\"a\"}", "unsupported_parameter", "sampling_params.stop_regex")]
    [InlineData("\"text\":\"a\",\"image_data\":\"x\"", "unsupported_parameter", "image_data")]
    [InlineData("\"text\":\"a\",\"return_hidden_states\":true", "unsupported_parameter", "return_hidden_states")]
    [InlineData("\"text\":\"a\",\"return_logprob\":true,\"logprob_start_len\":1", "invalid_value", "logprob_start_len")]
    [InlineData("\"text\":[\"a\",\"b\",\"c\"],\"rid\":[\"x\",\"y\"]", "invalid_value", "rid")]
    public async Task What_cannot_be_served_is_refused_and_reaches_no_engine(string members, string code, string parameter)
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await GenerateAsync(gateway, members);

        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal((code, parameter), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Empty(gateway.Engines[0].Requests);
    }

    private static Task<HttpResponseMessage> GenerateAsync(TokenInGateway gateway, string members) => gateway.Client.PostAsync(
        new Uri("/generate", UriKind.Relative), new StringContent($$"""{{{members}}}""", Encoding.UTF8, "application/json"));

    private static JsonElement Meta(JsonElement answer) => answer.GetProperty("meta_info");

    private static JsonElement[] Events(string text) =>
        [.. text.Split('\n').Where(static line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(static line => JsonDocument.Parse(line[6..]).RootElement)];

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
