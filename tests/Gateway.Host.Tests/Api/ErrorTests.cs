using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Api;

public class ErrorTests
{
    [Theory]
    [InlineData("GET", "/nowhere", 404, "unknown_url")]
    [InlineData("POST", "/v1/nothing", 404, "unknown_url")]
    [InlineData("GET", "/v1/chat/completions", 405, "method_not_supported")]
    [InlineData("DELETE", "/v1/models", 405, "method_not_supported")]
    public async Task An_unknown_path_and_a_wrong_method_are_told_in_openais_shape(string method, string path, int status, string code)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var message = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await gateway.Client.SendAsync(message);

        await ApiAssert.ErrorAsync(response, status, code);
    }

    [Theory]
    [InlineData("{", 400, "invalid_json")]
    [InlineData("[1]", 400, "invalid_json")]
    [InlineData("", 400, "invalid_json")]
    [InlineData("{}", 400, "missing_required_parameter")]
    [InlineData("{\"model\":null}", 400, "missing_required_parameter")]
    [InlineData("{\"model\":7}", 400, "invalid_type")]
    [InlineData("{\"model\":\"\\q\"}", 400, "invalid_json")]
    [InlineData("{\"model\":\"no such\"}", 404, "model_not_found")]
    public async Task A_bad_body_is_refused_with_what_is_wrong(string body, int status, string code)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);

        using var response = await gateway.PostAsync("/v1/chat/completions", body);

        await ApiAssert.ErrorAsync(response, status, code);
        Assert.Empty(engine.Seen);
    }

    [Fact]
    public async Task A_model_without_a_ready_worker_is_unavailable_for_now()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Add(TestGateway.RefusingUrl());
        gateway.Publish([]);

        using var response = await gateway.ChatAsync();

        await ApiAssert.ErrorAsync(response, 503, "no_healthy_workers");
        Assert.NotNull(response.Headers.RetryAfter);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_refused(bool chunked)
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Limits = new LimitOptions { MaxPayloadSize = 100 } }, engine);

        using var response = await gateway.PostAsync(
            "/v1/completions",
            $$"""{"model":"{{TestGateway.Model}}","prompt":"{{new string('x', 100)}}"}""",
            message => message.Headers.TransferEncodingChunked = chunked);

        await ApiAssert.ErrorAsync(response, 413, "payload_too_large");
        Assert.Empty(engine.Seen);
    }

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);

        using var response = await gateway.ChatAsync(change: message => message.Content!.Headers.ContentEncoding.Add("gzip"));

        await ApiAssert.ErrorAsync(response, 415, "unsupported_encoding");
    }

    [Fact]
    public async Task A_malformed_chunked_body_is_a_bad_request()
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await SendRawAsync(
            gateway, "POST /v1/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        ApiAssert.ErrorObject(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..], "bad_request");
    }

    [Fact]
    public async Task A_client_that_leaves_while_it_sends_its_body_leaves_nothing_behind()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(null, engine);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        await client.GetStream().WriteAsync("POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"u8.ToArray());
        while (gateway.Gate.InFlight == 0)
            await Task.Delay(1);

        client.Client.Close(0);

        await gateway.AssertNothingInFlightAsync();
        Assert.Empty(engine.Seen);
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.StartsWith("Gateway.Host.Serving.RequestEnvelope", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("abc-1.2:3", true)]
    [InlineData("has space", false)]
    [InlineData("a\"b", false)]
    public async Task A_clients_request_id_is_kept_if_it_is_sane(string id, bool kept)
    {
        await using var gateway = await TestGateway.StartAsync();
        using var message = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        message.Headers.TryAddWithoutValidation("x-request-id", id);

        using var response = await gateway.Client.SendAsync(message);

        Assert.Equal(kept, response.Headers.GetValues("x-request-id").Single() == id);
    }

    [Fact]
    public async Task A_request_id_is_taken_from_the_headers_the_operator_named()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(new GatewayOptions { RequestIdHeaders = ["x-correlation-id", "x-trace"] }, engine);

        using var response = await gateway.ChatAsync(change: message =>
        {
            message.Headers.Add("x-trace", "mine");
            message.Headers.Add("x-request-id", "not-looked-at");
        });

        Assert.Equal("mine", response.Headers.GetValues("x-request-id").Single());
        Assert.Equal("mine", engine.Seen.Single().Header("x-request-id"));
    }

    private static async Task<string> SendRawAsync(TestGateway gateway, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request));
        return await new StreamReader(client.GetStream()).ReadToEndAsync();
    }
}
