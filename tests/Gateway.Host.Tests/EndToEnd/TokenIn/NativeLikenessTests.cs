using System.Text;
using System.Text.Json;
using Gateway.Host.Configuration;
using Gateway.Simulator;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>A client cannot tell whether an engine is spoken to over HTTP, which answers itself, or over gRPC, for which the gateway answers.</summary>
public sealed class NativeLikenessTests
{
    [Theory]
    [InlineData("\"text\":\"Hello there\"")]
    [InlineData("\"text\":\"Hello there\",\"sampling_params\":{\"max_new_tokens\":5}")]
    [InlineData("\"text\":\"Hello there\",\"sampling_params\":{\"n\":2,\"max_new_tokens\":300}")]
    [InlineData("\"text\":[\"one\"]")]
    [InlineData("\"text\":[\"one\",\"two\"],\"rid\":\"r\"")]
    [InlineData("\"text\":[\"one\",\"two\"],\"rid\":[\"a\",\"b\"]")]
    [InlineData("\"input_ids\":[1,2,3],\"rid\":\"mine\"")]
    [InlineData("\"input_ids\":[[1,2,3],[4,5]]")]
    [InlineData("\"text\":\"Hello there\",\"sampling_params\":{\"stop\":\" \"}")]
    [InlineData("\"text\":\"Hello there\",\"return_logprob\":true")]
    [InlineData("\"input_ids\":[11,12,13,14],\"return_logprob\":true,\"logprob_start_len\":1,\"top_logprobs_num\":2")]
    public async Task Generate_has_the_same_form_over_both(string members)
    {
        var tokenizer = Path.Combine(Path.GetTempPath(), $"bytes-{Guid.NewGuid():n}.json");
        await File.WriteAllTextAsync(tokenizer, ByteTokenizer.Json());
        var engine = new SimulatorOptions { Timings = EngineTimings.Fast, Tokenizer = static text => [.. Encoding.UTF8.GetBytes(text).Select(static value => (int)value)] };
        await using var http = await LiveGateway.StartAsync(engines: 1, engine);
        await using var grpc = await LiveGateway.StartAsync(
            engines: 1,
            engine with { Protocol = SimulatorProtocol.Grpc },
            options => options with { Text = new TextOptions { TokenizerPath = tokenizer } });
        File.Delete(tokenizer);

        Assert.Equal(await WholeAsync(http.Client, members), await WholeAsync(grpc.Client, members));
        Assert.Equal(await LastEventsAsync(http.Client, members), await LastEventsAsync(grpc.Client, members));
    }

    private static async Task<string> WholeAsync(HttpClient client, string members)
    {
        using var response = await PostAsync(client, members);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return FormOf(JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement, "");
    }

    /// <summary>The last event of each choice: how many come before it is chance, and they are alike but for their end.</summary>
    private static async Task<string> LastEventsAsync(HttpClient client, string members)
    {
        using var response = await PostAsync(client, members + ",\"stream\":true");
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var text = await response.Content.ReadAsStringAsync();
        Assert.EndsWith("\n\ndata: [DONE]\n\n", text, StringComparison.Ordinal);
        var events = text.Split("\n\n").SkipLast(2).Select(static data => JsonDocument.Parse(data["data: ".Length..]).RootElement).ToList();
        var byChoice = events.ToLookup(static data => data.GetProperty("index").GetInt32()).OrderBy(static choice => choice.Key);
        Assert.All(
            byChoice.SelectMany(static choice => choice.SkipLast(1)),
            static data => Assert.Equal(JsonValueKind.Null, data.GetProperty("meta_info").GetProperty("finish_reason").ValueKind));
        return string.Join("\n", byChoice.Select(static choice => FormOf(choice.Last(), "")));
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string members)
    {
        var response = await client.PostAsync(new Uri("/generate", UriKind.Relative), new StringContent($$"""{{{members}}}""", Encoding.UTF8, "application/json"));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return response;
    }

    /// <summary>Names in their order, and what kind of value each has; of what does not depend on chance, the value too.</summary>
    private static string FormOf(JsonElement json, string name) => json.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(',', json.EnumerateObject().Select(static property => $"{property.Name}:{FormOf(property.Value, property.Name)}"))}}}",
        // A list of answers is as long as it is; one of tokens has elements that are all alike, but for the first of a prompt's.
        JsonValueKind.Array when name.Length == 0 => $"[{string.Join(',', json.EnumerateArray().Select(static item => FormOf(item, "")))}]",
        JsonValueKind.Array => $"[{string.Join(',', json.EnumerateArray().Select(item => FormOf(item, "")).Distinct())}]",
        JsonValueKind.String when name is "id" && json.GetString()!.Length < 8 => json.GetRawText(),
        _ when name is "index" or "type" => json.GetRawText(),
        var kind => kind.ToString(),
    };
}
