using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Gateway.Host.Serving.Tokens;
using Gateway.Host.Tests.Support;
using Gateway.Wire.SgLang;
using Grpc.Core;

namespace Gateway.Host.Tests.EndToEnd.TokenIn;

/// <summary>Embeddings from engines that take tokens.</summary>
public sealed class EmbeddingTests
{
    [Fact]
    public async Task The_engine_gets_the_texts_tokens_and_the_client_its_embedding()
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await EmbedAsync(gateway, "\"input\":\"Grüße\"");

        var json = await JsonAsync(response);
        Assert.Equal(["object", "data", "model", "usage"], json.EnumerateObject().Select(static property => property.Name));
        Assert.Equal(("list", "m"), (json.GetProperty("object").GetString(), json.GetProperty("model").GetString()));
        var data = json.GetProperty("data").EnumerateArray().Single();
        Assert.Equal(("embedding", 0), (data.GetProperty("object").GetString(), data.GetProperty("index").GetInt32()));
        Assert.Equal([0.5f, -1f], data.GetProperty("embedding").EnumerateArray().Select(static value => value.GetSingle()));
        Assert.Equal((7, 7), (Usage(json, "prompt_tokens"), Usage(json, "total_tokens")));
        Assert.Equal(TokenInGateway.Tokens("Grüße"), gateway.Engines[0].Embeddings.Single().Tokenized.InputIds);
    }

    [Theory]
    [InlineData("\"ab\"", "ab")]
    [InlineData("[97,98]", "ab")]
    [InlineData("[\"ab\",\"c\"]", "ab", "c")]
    [InlineData("[[97,98],[99]]", "ab", "c")]
    public async Task Texts_and_tokens_come_one_or_many(string input, params string[] expected)
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await EmbedAsync(gateway, $"\"input\":{input}");

        Assert.Equal(expected.Length, (await JsonAsync(response)).GetProperty("data").GetArrayLength());
        var sent = gateway.Engines[0].Embeddings.Select(static request => Encoding.UTF8.GetString([.. request.Tokenized.InputIds.Select(static id => (byte)id)]));
        Assert.Equal(expected, sent.Order());
        Assert.Equal(expected.Length, gateway.Engines[0].Embeddings.Select(static request => request.RequestId).Distinct().Count());
    }

    [Fact]
    public async Task In_base64_an_embedding_is_the_bytes_of_its_numbers()
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await EmbedAsync(gateway, "\"input\":\"a\",\"encoding_format\":\"base64\"");

        var text = (await JsonAsync(response)).GetProperty("data")[0].GetProperty("embedding").GetString()!;
        Assert.Equal([0.5f, -1f], MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(text)).ToArray());
    }

    [Fact]
    public async Task A_batch_is_in_order_all_on_one_engine_and_not_all_of_it_at_once()
    {
        var (running, most) = (0, 0);
        await using var gateway = await TokenInGateway.StartAsync(engines: 2);
        foreach (var engine in gateway.Engines)
        {
            engine.OnEmbed = async (request, _) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return new EmbedResponse { Embedding = { request.Tokenized.InputIds[0] }, PromptTokens = 1 };
            };
        }

        using var response = await EmbedAsync(gateway, $"\"input\":[{string.Join(',', Enumerable.Range(0, 200).Select(static i => $"[{i}]"))}]");

        var data = (await JsonAsync(response)).GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(Enumerable.Range(0, 200), data.Select(static item => item.GetProperty("index").GetInt32()));
        Assert.Equal(Enumerable.Range(0, 200), data.Select(static item => (int)item.GetProperty("embedding")[0].GetSingle()));
        Assert.Equal([0, 200], gateway.Engines.Select(static engine => engine.Embeddings.Count).Order());
        Assert.InRange(most, 1, EmbeddingBatch.AtOnce);
    }

    [Fact]
    public async Task A_client_that_leaves_aborts_all_that_runs_for_it()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnEmbed = NeverAsync;
        using var gone = new CancellationTokenSource();
        var response = EmbedAsync(gateway, "\"input\":[\"a\",\"b\",\"c\"]", gone.Token);
        await Eventually.HoldsAsync(() => gateway.Engines[0].Embeddings.Count == 3, "the engine embeds");

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => response);
        await Eventually.HoldsAsync(() => gateway.Engines[0].Aborted.Count == 3, "the engine was told to abort");
        Assert.Equal(gateway.Engines[0].Embeddings.Select(static request => request.RequestId).Order(), gateway.Engines[0].Aborted.Order());
    }

    [Fact]
    public async Task One_text_that_fails_fails_the_request_and_aborts_the_others()
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnEmbed = async (request, call) =>
        {
            if (request.Tokenized.InputIds[0] != 'b')
                return await NeverAsync(request, call);
            await Eventually.HoldsAsync(() => gateway.Engines[0].Embeddings.Count == 3, "the others run");
            throw new RpcException(new Status(StatusCode.InvalidArgument, "too long"));
        };

        using var response = await EmbedAsync(gateway, "\"input\":[\"a\",\"b\",\"c\"]");

        await ApiAssert.ErrorAsync(response, 400, "invalid_request");
        await Eventually.HoldsAsync(() => gateway.Engines[0].Aborted.Count == 2, "the engine was told to abort");
    }

    [Fact]
    public async Task An_engine_that_breaks_is_replaced_by_another()
    {
        await using var gateway = await TokenInGateway.StartAsync(engines: 2);
        gateway.Engines[0].OnEmbed = static (_, _) => throw new RpcException(new Status(StatusCode.Unavailable, "gone"));

        for (var i = 0; i < 4; i++)
        {
            using var response = await EmbedAsync(gateway, "\"input\":[\"a\",\"b\"]");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(8, gateway.Engines[1].Embeddings.Count);
        Assert.NotEmpty(gateway.Engines[0].Embeddings);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, 400, "invalid_request")]
    [InlineData(StatusCode.Unimplemented, 400, "unsupported_endpoint")]
    [InlineData(StatusCode.ResourceExhausted, 503, "engine_busy")]
    [InlineData(StatusCode.Internal, 500, "engine_error")]
    public async Task An_engines_refusal_is_an_error_of_the_API(StatusCode status, int expected, string code)
    {
        await using var gateway = await TokenInGateway.StartAsync();
        gateway.Engines[0].OnEmbed = (_, _) => throw new RpcException(new Status(status, "because"));

        using var response = await EmbedAsync(gateway, "\"input\":\"a\"");

        await ApiAssert.ErrorAsync(response, expected, code);
    }

    [Theory]
    [InlineData("\"x\":1", "missing_required_parameter", "input")]
    [InlineData("\"input\":5", "invalid_type", "input")]
    [InlineData("\"input\":[]", "empty_array", "input")]
    [InlineData("\"input\":\"\"", "invalid_value", "input")]
    [InlineData("\"input\":[\"a\",[]]", "empty_array", "input[1]")]
    [InlineData("\"input\":[\"a\",true]", "invalid_type", "input[1]")]
    [InlineData("\"input\":[97,-1]", "invalid_type", "input[1]")]
    [InlineData("\"input\":\"a\",\"dimensions\":8", "unsupported_parameter", "dimensions")]
    [InlineData("\"input\":\"a\",\"encoding_format\":\"hex\"", "invalid_value", "encoding_format")]
    [InlineData("\"input\":\"a\",\"encoding_format\":1", "invalid_type", "encoding_format")]
    public async Task What_cannot_be_served_is_refused_as_OpenAI_does_and_reaches_no_engine(string members, string code, string parameter)
    {
        await using var gateway = await TokenInGateway.StartAsync();

        using var response = await EmbedAsync(gateway, members);

        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal((code, parameter), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Empty(gateway.Engines[0].Embeddings);
    }

    private static async Task<EmbedResponse> NeverAsync(EmbedRequest request, ServerCallContext call)
    {
        await Task.Delay(Timeout.Infinite, call.CancellationToken);
        throw new InvalidOperationException();
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, value, seen);
    }

    private static Task<HttpResponseMessage> EmbedAsync(TokenInGateway gateway, string members, CancellationToken cancellation = default) =>
        gateway.Client.PostAsync(
            new Uri("/v1/embeddings", UriKind.Relative),
            new StringContent($$"""{"model":"m",{{members}}}""", Encoding.UTF8, "application/json"),
            cancellation);

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static int Usage(JsonElement json, string name) => json.GetProperty("usage").GetProperty(name).GetInt32();
}
