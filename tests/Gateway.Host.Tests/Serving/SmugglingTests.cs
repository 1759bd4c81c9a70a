using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Serving;

/// <summary>What the gateway and an engine could understand differently never reaches the engine as it came.</summary>
public sealed class SmugglingTests
{
    private const string Body = """{"model":"m"}""";
    private const string Inner = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

    [Theory]
    [InlineData("Content-Length: 13\r\nContent-Length: 14")]
    [InlineData("Content-Length: 13, 14")]
    [InlineData("Content-Length: -13")]
    [InlineData("Content-Length: 0x0d")]
    [InlineData("Content-Length: +13")]
    [InlineData("content-length: +13")]
    [InlineData("Content-Length: 13\r\nContent-Length: 13")]
    [InlineData("Content-Length: 13, 13")]
    [InlineData("Content-Length: 1 3")]
    [InlineData("Content-Length: 13.0")]
    [InlineData("Content-Length: 13;a")]
    [InlineData("Content-Length:")]
    [InlineData("Content-Length: 9223372036854775808")]
    [InlineData("Content-Length: 00000000000000000000000000013")]
    [InlineData("Content-Length: \u00b9\u00b3")]
    [InlineData("Content-Length: 99999999999999999999")]
    [InlineData("Content-Length : 13")]
    [InlineData("Content-Length: 13\r\n X-Folded: 1")]
    [InlineData("Content-Length: 13\r\n\tfolded")]
    [InlineData("Transfer-Encoding: chunked, identity")]
    [InlineData("Transfer-Encoding: xchunked")]
    [InlineData("Transfer-Encoding: gzip")]
    [InlineData("Content-Length: 13\r\nX-A: a\rX-Injected: 1")]
    [InlineData("Content-Length: 13\r\nX-A: a\0b")]
    [InlineData("Content-Length: 13\r\nX A: 1")]
    [InlineData("Content-Length: 13\r\n: 1")]
    [InlineData("Content-Length: 13\r\nX-A")]
    [InlineData("Content-Length: 13\r\nHost: b")]
    [InlineData("Content-Length: 13\r\nX-A: \u00ff\u00fe")]
    public async Task A_request_that_two_servers_could_read_in_two_ways_is_refused(string headers)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);

        var answer = await RawHttp.ExchangeAsync(gateway.Client.BaseAddress!, $"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n{headers}\r\n\r\n{Body}{Inner}");

        Assert.Equal(400, RawHttp.Statuses(answer)[0]);
        Assert.Single(RawHttp.Statuses(answer));
        Assert.Empty(engine.Seen);
    }

    [Theory]
    [InlineData("Content-Length: {0}\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: {0}")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 0")]
    public async Task Chunks_and_a_length_together_are_refused_and_nothing_behind_them_is_read(string headers)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);
        var body = TestGateway.ChatBody();
        var chunked = $"{body.Length:x}\r\n{body}\r\n0\r\n\r\n";
        var framing = headers.Replace("{0}", $"{chunked.Length + Inner.Length}", StringComparison.Ordinal);

        var answer = await RawHttp.ExchangeAsync(
            gateway.Client.BaseAddress!, $"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n{chunked}{Inner}");

        Assert.Equal([400], RawHttp.Statuses(answer));
        Assert.Empty(engine.Seen);
    }

    [Fact]
    public async Task Chunks_alone_are_sent_to_the_engine_with_their_length()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);
        var body = TestGateway.ChatBody();

        var answer = await RawHttp.ExchangeAsync(
            gateway.Client.BaseAddress!,
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n");

        Assert.Equal([200], RawHttp.Statuses(answer));
        var seen = Assert.Single(engine.Seen);
        Assert.Equal(body, seen.Body);
        Assert.Equal($"{body.Length}", seen.Header("Content-Length"));
        Assert.Null(seen.Header("Transfer-Encoding"));
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("d\r\n{\"model\":\"m\"}X\r\n0\r\n\r\n")]
    [InlineData("0000000000000000000d\r\n{\"model\":\"m\"}\r\n0\r\n\r\n")]
    [InlineData("fffffffff\r\n")]
    [InlineData("10000000000000000d\r\n{\"model\":\"m\"}\r\n0\r\n\r\n")]
    [InlineData("+d\r\n{\"model\":\"m\"}\r\n0\r\n\r\n")]
    [InlineData("0xd\r\n{\"model\":\"m\"}\r\n0\r\n\r\n")]
    [InlineData("\r\nd\r\n{\"model\":\"m\"}\r\n0\r\n\r\n")]
    public async Task Chunks_that_are_none_end_the_request(string chunks)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);

        var answer = await RawHttp.ExchangeAsync(
            gateway.Client.BaseAddress!, $"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}{Inner}");

        Assert.Equal([400], RawHttp.Statuses(answer));
        Assert.Empty(engine.Seen);
    }

    [Theory]
    [InlineData("X-Ok: 1\r\nX-Bad: caf\u00e9\r\nX-Bad: \u00e9")]
    [InlineData("X-Ok: 1\r\nX-Bad: a\u0001b")]
    [InlineData("X-Ok: 1\r\nX-Bad: a\u0001b\r\nX-Bad: a\u007fb")]
    [InlineData("X-Ok: 1\r\nX-Bad: a\r\n folded: 1")]
    public async Task What_an_engine_puts_into_headers_costs_no_client_its_answer(string headers)
    {
        using var engine = new TcpListener(IPAddress.Loopback, 0);
        engine.Start();
        await using var gateway = await TestGateway.StartAsync();
        gateway.Add($"http://127.0.0.1:{((IPEndPoint)engine.LocalEndpoint).Port}");
        var served = ServeOnceAsync(engine, $"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n{headers}\r\n\r\n{{}}");

        var answer = await RawHttp.ExchangeAsync(gateway.Client.BaseAddress!, Request("/v1/chat/completions", "X-A: 1"));
        await served;

        Assert.Equal([200], RawHttp.Statuses(answer));
        Assert.Contains("X-Ok: 1\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\nfolded", answer, StringComparison.Ordinal);
        Assert.DoesNotContain('\u0001', answer);
    }

    [Theory]
    [InlineData("a\u0001b")]
    [InlineData("a\tb")]
    [InlineData("a b")]
    [InlineData("a\u007f")]
    [InlineData("a\u00c2\u0085b")]
    [InlineData("$(id)")]
    public async Task A_request_id_that_could_do_harm_is_replaced(string id)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);

        var answer = await RawHttp.ExchangeAsync(gateway.Client.BaseAddress!, Request("/v1/chat/completions", "x-request-id: " + id));

        Assert.Equal([200], RawHttp.Statuses(answer));
        Assert.DoesNotContain(id, answer, StringComparison.Ordinal);
        Assert.StartsWith("chatcmpl-", Assert.Single(engine.Seen).Header("x-request-id"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m\\r\\nX-Injected: 1\\r\\n\\r\\n")]
    [InlineData("m\\u0000\\u2028\\u0085")]
    public async Task A_models_name_stays_in_the_body_of_the_answer(string model)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);
        var body = TestGateway.ChatBody(model: model);

        var answer = await RawHttp.ExchangeAsync(
            gateway.Client.BaseAddress!, $"POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        Assert.Equal([404], RawHttp.Statuses(answer));
        Assert.DoesNotContain("\nX-Injected", answer, StringComparison.Ordinal);
        await gateway.Logs.WaitForAsync(static line => line.Contains("POST /v1/chat/completions 404", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Logs.Lines, static line => line.Contains("X-Injected", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/v1/chat/completions?a=%0d%0aX-Injected:%201")]
    [InlineData("/v1/chat/completions?a=%0aGET%20/smuggled")]
    public async Task Line_breaks_in_a_target_stay_encoded(string target)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);

        await RawHttp.ExchangeAsync(gateway.Client.BaseAddress!, Request(target, "X-A: 1"));

        var seen = Assert.Single(engine.Seen);
        Assert.Null(seen.Header("X-Injected"));
        Assert.Contains("X-A", seen.Headers.Keys);
    }

    [Theory]
    [InlineData("X-A: caf\u00c3\u00a9")]
    [InlineData("traceparent: caf\u00c3\u00a9")]
    [InlineData("x-request-id: \u00c3\u00a9")]
    [InlineData("User-Agent: \u00c3\u00a9 (\u00c3\u00a9")]
    [InlineData("Content-Type: ;;;\u00c3\u00a9")]
    public async Task Headers_of_other_characters_than_ascii_pass_and_are_no_fault_of_the_worker(string header)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);

        var answer = await RawHttp.ExchangeAsync(gateway.Client.BaseAddress!, Request("/v1/chat/completions", header));

        Assert.Equal([200], RawHttp.Statuses(answer));
        Assert.Single(engine.Seen);
    }

    private static async Task ServeOnceAsync(TcpListener engine, string answer)
    {
        using var client = await engine.AcceptTcpClientAsync();
        var stream = client.GetStream();
        Assert.NotEqual(0, await stream.ReadAsync(new byte[64 * 1024]));
        await stream.WriteAsync(Encoding.Latin1.GetBytes(answer));
        client.Client.Shutdown(SocketShutdown.Send);
    }

    private static string Request(string target, string header)
    {
        var body = TestGateway.ChatBody();
        return $"POST {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{header}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
    }
}
