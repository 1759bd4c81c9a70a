using System.Net;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Api.Admin;
using Gateway.Host.Api.Admin.Tokens;
using Gateway.Host.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Host.Tests.Admin;

public sealed class ControlPlaneGuardTests
{
    private static readonly SecurityOptions WithKey = new() { ControlPlaneApiKey = new Secret("hush-key") };

    [Theory]
    [InlineData("127.0.0.1", "localhost:30000", null)]
    [InlineData("127.0.0.1", "127.0.0.1:30000", null)]
    [InlineData("::1", "[::1]:30000", null)]
    [InlineData("::ffff:127.0.0.1", "localhost", null)]
    [InlineData("127.0.0.1", "localhost:30000", "Origin: http://localhost:30000")]
    public async Task Without_a_key_programs_on_this_machine_are_let_in(string from, string host, string? header) =>
        Assert.Null(await JudgeAsync(new SecurityOptions(), from, host, header));

    [Theory]
    [InlineData("10.0.0.7", "10.0.0.1:30000", null)]
    [InlineData("::ffff:10.0.0.7", "10.0.0.1:30000", null)]
    [InlineData(null, "localhost", null)]
    [InlineData("127.0.0.1", "localhost", "X-Forwarded-For: 10.0.0.7")]
    [InlineData("127.0.0.1", "localhost", "X-Forwarded-For: 127.0.0.1")]
    [InlineData("127.0.0.1", "localhost", "Forwarded: for=10.0.0.7")]
    [InlineData("127.0.0.1", "localhost", "X-Real-IP: 10.0.0.7")]
    [InlineData("127.0.0.1", "localhost", "Via: 1.1 proxy")]
    [InlineData("127.0.0.1", "evil.example:30000", null)]
    [InlineData("127.0.0.1", "localhost:30000", "Origin: https://evil.example")]
    [InlineData("127.0.0.1", "localhost:30000", "Origin: null")]
    public async Task Without_a_key_others_and_what_comes_for_others_are_refused(string? from, string host, string? header)
    {
        var refusal = await JudgeAsync(new SecurityOptions(), from, host, header);

        Assert.Equal(StatusCodes.Status403Forbidden, refusal?.Status);
        Assert.Contains("--control-plane-api-key", refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_opened_control_plane_lets_everybody_in() =>
        Assert.Null(await JudgeAsync(new SecurityOptions { OpenControlPlane = true }, "10.0.0.7", "10.0.0.1", "X-Forwarded-For: 10.0.0.8"));

    [Theory]
    [InlineData("POST", "Origin: https://evil.example")]
    [InlineData("DELETE", "Origin: null")]
    [InlineData("POST", "Origin: http://10.0.0.1:8080")]
    [InlineData("POST", "Sec-Fetch-Site: cross-site")]
    [InlineData("PUT", "Sec-Fetch-Site: same-site")]
    public async Task An_opened_control_plane_is_changed_by_no_strangers_page(string method, string header)
    {
        var refusal = await JudgeAsync(new SecurityOptions { OpenControlPlane = true }, "10.0.0.7", "10.0.0.1:30000", header, method);

        Assert.Equal(StatusCodes.Status403Forbidden, refusal?.Status);
        Assert.Contains("--cors-allowed-origins", refusal!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "Origin: http://10.0.0.1:30000")]
    [InlineData("POST", "Origin: https://10.0.0.1:30000")]
    [InlineData("POST", "Origin: https://app.example.org")]
    [InlineData("POST", "Sec-Fetch-Site: same-origin")]
    [InlineData("GET", "Origin: https://evil.example")]
    public async Task An_opened_control_plane_is_open_to_its_own_page_and_to_pages_that_are_named(string method, string header) => Assert.Null(await JudgeAsync(
        new SecurityOptions { OpenControlPlane = true, CorsAllowedOrigins = ["https://app.example.org"] }, "10.0.0.7", "10.0.0.1:30000", header, method));

    [Theory]
    [InlineData("Authorization: Bearer hush-key")]
    [InlineData("Authorization: bearer hush-key")]
    [InlineData("x-api-key: hush-key")]
    public async Task With_a_key_whoever_has_it_is_let_in_from_anywhere(string header) =>
        Assert.Null(await JudgeAsync(WithKey, "10.0.0.7", "10.0.0.1", header));

    [Theory]
    [InlineData(null)]
    [InlineData("Authorization: Bearer hush-kez")]
    [InlineData("Authorization: Bearer hush-ke")]
    [InlineData("Authorization: Bearer ")]
    [InlineData("Authorization: Basic hush-key")]
    [InlineData("x-api-key: HUSH-KEY")]
    [InlineData("x-api-key: ")]
    public async Task With_a_key_nobody_else_is_let_in_not_even_from_this_machine(string? header)
    {
        var refusal = await JudgeAsync(WithKey, "127.0.0.1", "localhost", header);

        Assert.Equal(StatusCodes.Status401Unauthorized, refusal?.Status);
        Assert.DoesNotContain("hush", refusal!.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<ControlPlaneException?> JudgeAsync(SecurityOptions options, string? from, string host, string? header, string method = "GET")
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = from is null ? null : IPAddress.Parse(from);
        context.Request.Method = method;
        context.Request.Scheme = "http";
        context.Request.Host = new HostString(host);
        if (header?.Split(": ", 2) is [var name, var value])
            context.Request.Headers[name] = value;
        var all = new GatewayOptions { Security = options };
        using var issuer = new TokenIssuer(all, TimeProvider.System, NullLogger<TokenIssuer>.Instance);
        var guard = new ControlPlaneGuard(
            options, new ApiKeyCheck(new TenantDirectory(all, TimeProvider.System)), new TokenCheck(all, issuer, NullLoggerFactory.Instance));
        return (await guard.JudgeAsync(context, KeyRole.Admin)).Refusal;
    }
}
