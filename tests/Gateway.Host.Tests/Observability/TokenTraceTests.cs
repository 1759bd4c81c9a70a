using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Gateway.Actors.Workers;
using Gateway.Host.Tests.EndToEnd.TokenIn;
using Grpc.Core;

namespace Gateway.Host.Tests.Observability;

/// <summary>The same of engines that speak gRPC.</summary>
public sealed class TokenTraceTests
{
    private const string ClientTrace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Theory]
    [InlineData("/v1/completions", "\"prompt\":\"hi\"", "text_completion")]
    [InlineData("/v1/embeddings", "\"input\":\"hi\"", "embeddings")]
    public async Task An_engine_is_told_the_span_of_the_attempt(string path, string members, string operation)
    {
        await using var collector = await TraceCollector.StartAsync();
        var seen = new ConcurrentQueue<string?>();
        await using var gateway = await StartAsync(seen, collector);

        (await PostAsync(gateway, path, members)).Dispose();

        var spans = await collector.TakeAsync(2);
        var (request, attempt) = (spans.Single(static span => span.Kind == 2), spans.Single(static span => span.Kind == 3));
        Assert.Equal((attempt.TraceParent, request.Id), (Assert.Single(seen), attempt.ParentId));
        Assert.Equal((operation, "grpc", "sglang"), (request["gen_ai.operation.name"], attempt["gateway.worker.connection"], attempt["gen_ai.provider.name"]));
        Assert.Equal(("success", "200"), (attempt["gateway.attempt.outcome"], attempt["http.response.status_code"]));
        Assert.NotNull(request["gen_ai.usage.input_tokens"]);
    }

    [Fact]
    public async Task Without_tracing_an_engine_gets_the_clients_trace()
    {
        var seen = new ConcurrentQueue<string?>();
        await using var gateway = await StartAsync(seen, collector: null);

        (await PostAsync(gateway, "/v1/completions", "\"prompt\":\"hi\"")).Dispose();

        Assert.Equal(ClientTrace, Assert.Single(seen));
    }

    [Theory]
    [InlineData(PairKind.SgLang)]
    [InlineData(PairKind.VllmOverNixl)]
    public async Task The_halves_of_a_pair_have_a_span_each(PairKind kind)
    {
        await using var collector = await TraceCollector.StartAsync();
        await using var gateway = await TokenPairGateway.StartAsync(kind, configure: options => options with { Traces = collector.Traced().Traces });
        using (var answer = await gateway.CompleteAsync("\"prompt\":\"hi\",\"max_tokens\":4"))
            await answer.Content.ReadAsStringAsync();

        var spans = await collector.TakeAsync(3);
        var request = spans.Single(static span => span.Kind == 2);
        Assert.Equal(["decode", "prefill"], spans.Select(static span => span["gateway.worker.role"]).OfType<string>().Order());
        Assert.All(spans.Where(static span => span.Kind == 3), span => Assert.Equal((request.Id, "success"), (span.ParentId, span["gateway.attempt.outcome"])));
    }

    private static Task<TokenInGateway> StartAsync(ConcurrentQueue<string?> seen, TraceCollector? collector) => TokenInGateway.StartAsync(
        prepare: engine =>
        {
            var generate = engine.OnGenerate;
            engine.OnGenerate = (request, answer, context) =>
            {
                seen.Enqueue(context.RequestHeaders.GetValue("traceparent"));
                return generate(request, answer, context);
            };
            var embed = engine.OnEmbed;
            engine.OnEmbed = (request, context) =>
            {
                seen.Enqueue(context.RequestHeaders.GetValue("traceparent"));
                return embed(request, context);
            };
        },
        configure: options => collector is null ? options : options with { Traces = collector.Traced().Traces });

    private static async Task<HttpResponseMessage> PostAsync(TokenInGateway gateway, string path, string members)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent($$"""{"model":"m",{{members}}}""", Encoding.UTF8, "application/json"),
            Headers = { { "traceparent", ClientTrace } },
        };
        return await gateway.Client.SendAsync(message);
    }
}
