using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;
using Gateway.Wire.SgLang;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>Rankings from engines that take tokens.</summary>
public sealed class RerankTests
{
    [Theory]
    [InlineData("/v1/rerank")]
    [InlineData("/rerank")]
    public async Task The_best_document_comes_first(string path)
    {
        await using var gateway = await TokenInGateway.StartAsync(pairs: true);
        gateway.Engines[0].OnEmbed = static (request, _) => Task.FromResult(
            new EmbedResponse { Embedding = { request.Tokenized.InputIds[^2] == 'b' ? 0.9f : 0.1f }, PromptTokens = (uint)request.Tokenized.InputIds.Count });

        using var response = await RankAsync(gateway.Client, path, "\"query\":\"q\",\"documents\":[\"a\",{\"text\":\"b\"},\"c\"],\"top_n\":2");

        var json = await JsonAsync(response);
        Assert.Equal(["id", "model", "results", "usage"], json.EnumerateObject().Select(static property => property.Name));
        var results = json.GetProperty("results").EnumerateArray().ToArray();
        Assert.Equal(["index", "document", "relevance_score"], results[0].EnumerateObject().Select(static property => property.Name));
        Assert.Equal([(1, "b", 0.9f), (0, "a", 0.1f)], results.Select(static result => (
            result.GetProperty("index").GetInt32(),
            result.GetProperty("document").GetProperty("text").GetString()!,
            result.GetProperty("relevance_score").GetSingle())));
        Assert.Equal(15, json.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Query_and_document_are_one_input_whose_texts_the_engine_can_tell_apart()
    {
        await using var gateway = await TokenInGateway.StartAsync(pairs: true);

        using var response = await RankAsync(gateway.Client, "/v1/rerank", "\"query\":\"qq\",\"documents\":[\"d\"],\"return_documents\":false");

        Assert.False((await JsonAsync(response)).GetProperty("results")[0].TryGetProperty("document", out _));
        var request = gateway.Engines[0].Embeddings.Single();
        Assert.True(request.IsCrossEncoder);
        Assert.Equal([1u, 'q', 'q', 2, 'd', 2], request.Tokenized.InputIds);
        Assert.Equal([0, 0, 0, 0, 1, 1], request.TokenTypeIds);
    }

    [Fact]
    public async Task A_model_that_knows_no_pairs_does_not_rank()
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await RankAsync(gateway.Client, "/v1/rerank", "\"query\":\"q\",\"documents\":[\"d\"]");

        await ApiAssert.ErrorAsync(response, 400, "unsupported_endpoint");
        Assert.Empty(gateway.Engines[0].Embeddings);
    }

    [Theory]
    [InlineData("\"documents\":[\"d\"]", "missing_required_parameter", "query")]
    [InlineData("\"query\":1,\"documents\":[\"d\"]", "invalid_type", "query")]
    [InlineData("\"query\":\"q\"", "missing_required_parameter", "documents")]
    [InlineData("\"query\":\"q\",\"documents\":\"d\"", "invalid_type", "documents")]
    [InlineData("\"query\":\"q\",\"documents\":[]", "empty_array", "documents")]
    [InlineData("\"query\":\"q\",\"documents\":[\"d\",1]", "invalid_type", "documents[1]")]
    [InlineData("\"query\":\"q\",\"documents\":[\"d\"],\"top_n\":-1", "integer_below_min_value", "top_n")]
    public async Task What_cannot_be_ranked_is_refused(string members, string code, string parameter)
    {
        await using var gateway = await TokenInGateway.StartAsync(pairs: true);

        using var response = await RankAsync(gateway.Client, "/v1/rerank", members);

        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal((code, parameter), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Empty(gateway.Engines[0].Embeddings);
    }

    [Theory]
    [InlineData("/v1/classify", "\"input\":\"a\"")]
    [InlineData("/v1/rerank", "\"query\":\"q\",\"documents\":[\"d\"]")]
    public async Task An_engine_that_only_embeds_says_so(string path, string members)
    {
        var tokenizer = Path.Combine(Path.GetTempPath(), $"bytes-{Guid.NewGuid():n}.json");
        await File.WriteAllTextAsync(tokenizer, ByteTokenizer.Json(pairs: true));
        await using (var gateway = await LiveGateway.StartAsync(
            engines: 1,
            new SimulatorOptions { Model = "m", Protocol = SimulatorProtocol.Grpc, Runtime = SimulatedRuntime.Vllm, Timings = EngineTimings.Fast },
            options => options with { Text = new TextOptions { TokenizerPath = tokenizer } }))
        {
            using var refused = await RankAsync(gateway.Client, path, members);
            using var embedded = await RankAsync(gateway.Client, "/v1/embeddings", "\"input\":\"a\"");

            await ApiAssert.ErrorAsync(refused, 400, "unsupported_endpoint");
            Assert.Equal(64, (await JsonAsync(embedded)).GetProperty("data")[0].GetProperty("embedding").GetArrayLength());
        }

        File.Delete(tokenizer);
    }

    private static Task<HttpResponseMessage> RankAsync(HttpClient client, string path, string members) => client.PostAsync(
        new Uri(path, UriKind.Relative), new StringContent($$"""{"model":"m",{{members}}}""", Encoding.UTF8, "application/json"));

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
