using System.Net;
using System.Text.Json;
using Gateway.Wire.SgLang;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>Completions that begin with their prompts.</summary>
public sealed class EchoTests
{
    [Theory]
    [InlineData("\"prompt\":\"ab\"", "ab!")]
    [InlineData("\"prompt\":[97,98]", "ab!")]
    [InlineData("\"prompt\":[\"ab\",\"c\"],\"n\":2", "ab! ab! c! c!")]
    [InlineData("\"prompt\":[[97,98],[99]]", "ab! c!")]
    [InlineData("\"prompt\":\"xSTOPy\",\"stop\":\"STOP\"", "xSTOPy!")]
    public async Task Each_answer_begins_with_its_prompt_whole_and_streamed(string members, string expected)
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static async (request, answer, _) =>
        {
            for (var index = 0u; index < request.SamplingParams.N; index++)
                await answer.WriteAsync(TokenInGateway.End("!", 1, index));
        };

        using var whole = await gateway.CompleteAsync($"{members},\"echo\":true");
        using var streamed = await gateway.CompleteAsync($"{members},\"echo\":true,\"stream\":true");

        Assert.Equal(expected, string.Join(' ', (await JsonAsync(whole)).GetProperty("choices").EnumerateArray().Select(static choice => choice.GetProperty("text").GetString())));
        var choices = (await EventsAsync(streamed)).ToLookup(static choice => choice.GetProperty("index").GetInt32()).OrderBy(static choice => choice.Key);
        Assert.Equal(expected, string.Join(' ', choices.Select(static choice => string.Concat(choice.Select(static chunk => chunk.GetProperty("text").GetString())))));
    }

    [Fact]
    public async Task With_log_probabilities_the_prompts_own_come_first()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static (_, answer, _) => answer.WriteAsync(WithLogprobs());

        using var response = await gateway.CompleteAsync("\"prompt\":\"ab\",\"echo\":true,\"logprobs\":1");

        var logprobs = (await JsonAsync(response)).GetProperty("choices")[0].GetProperty("logprobs");
        Assert.Equal("""["a","b","!"]""", logprobs.GetProperty("tokens").GetRawText());
        Assert.Equal("[null,-1.5,-0.25]", logprobs.GetProperty("token_logprobs").GetRawText());
        Assert.Equal("[0,1,2]", logprobs.GetProperty("text_offset").GetRawText());
        Assert.Equal("""[null,{"c":-0.5},{"!":-0.25}]""", logprobs.GetProperty("top_logprobs").GetRawText());
        var request = gateway.Engines[0].Requests.Single();
        Assert.Equal((true, 0, 1), (request.ReturnLogprob, request.LogprobStartLen, request.TopLogprobsNum));
    }

    [Fact]
    public async Task A_stream_has_the_prompt_and_its_log_probabilities_in_a_chunk_of_their_own()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnGenerate = static (_, answer, _) => answer.WriteAsync(WithLogprobs());

        using var response = await gateway.CompleteAsync("\"prompt\":\"ab\",\"echo\":true,\"logprobs\":1,\"stream\":true");

        var chunks = await EventsAsync(response);
        Assert.Equal(["ab", "!", ""], chunks.Select(static chunk => chunk.GetProperty("text").GetString()!));
        Assert.Equal("""["a","b"]""", chunks[0].GetProperty("logprobs").GetProperty("tokens").GetRawText());
        Assert.Equal("""["!"]""", chunks[1].GetProperty("logprobs").GetProperty("tokens").GetRawText());
        Assert.Equal("[2]", chunks[1].GetProperty("logprobs").GetProperty("text_offset").GetRawText());
    }

    [Fact]
    public async Task Who_does_not_ask_for_the_prompt_gets_none_of_it()
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await gateway.CompleteAsync("\"prompt\":\"ab\",\"logprobs\":1");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(-1, gateway.Engines[0].Requests.Single().LogprobStartLen);
    }

    private static GenerateResponse WithLogprobs()
    {
        var end = TokenInGateway.End("!", 1);
        end.Complete.OutputLogprobs = new OutputLogProbs { TokenIds = { '!' }, TokenLogprobs = { -0.25f }, TopLogprobs = { Top('!', -0.25f) } };
        end.Complete.InputLogprobs = new InputLogProbs
        {
            TokenIds = { 'a', 'b' },
            TokenLogprobs = { new InputTokenLogProb(), new InputTokenLogProb { Value = -1.5f } },
            TopLogprobs = { new TopLogProbs(), Top('c', -0.5f) },
        };
        return end;

        static TopLogProbs Top(char token, float value) => new() { TokenIds = { token }, Values = { value } };
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The only choice of each event.</summary>
    private static async Task<JsonElement[]> EventsAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return [.. text.Split('\n').Where(static line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(static line => JsonDocument.Parse(line[6..]).RootElement.GetProperty("choices")[0])];
    }
}
