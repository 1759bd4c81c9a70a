using System.Net;
using Gateway.Host.Tests.EndToEnd;

namespace Gateway.Host.Tests.Api;

public sealed class CorsTests
{
    private const string Page = "https://app.example.org";
    private const string Allow = "Access-Control-Allow-Origin";

    [Fact]
    public async Task Without_an_origin_named_pages_of_others_read_nothing()
    {
        await using var gateway = await LiveGateway.StartAsync(0);

        using var preflight = await SendAsync(gateway, HttpMethod.Options, "/v1/chat/completions", Page);
        using var answer = await SendAsync(gateway, HttpMethod.Get, "/v1/models", Page);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, preflight.StatusCode);
        Assert.False(preflight.Headers.Contains(Allow));
        Assert.False(answer.Headers.Contains(Allow));
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_may_ask_and_read_answers_and_errors()
    {
        await using var gateway = await StartAsync(Page);

        using var preflight = await SendAsync(gateway, HttpMethod.Options, "/v1/chat/completions", Page);
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal([Page], preflight.Headers.GetValues(Allow));
        Assert.Contains("authorization", preflight.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.OrdinalIgnoreCase);
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Credentials"));

        foreach (var (method, path, status) in new[]
        {
            (HttpMethod.Get, "/v1/models", HttpStatusCode.OK),
            (HttpMethod.Get, "/nowhere", HttpStatusCode.NotFound),
            (HttpMethod.Get, "/v1/chat/completions", HttpStatusCode.MethodNotAllowed),
            (HttpMethod.Post, "/v1/chat/completions", HttpStatusCode.BadRequest),
        })
        {
            using var answer = await SendAsync(gateway, method, path, Page);
            Assert.Equal(status, answer.StatusCode);
            Assert.Equal([Page], answer.Headers.GetValues(Allow));
            Assert.Contains("x-request-id", answer.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("https://other.example.org")]
    [InlineData("http://app.example.org")]
    [InlineData("https://app.example.org:8443")]
    [InlineData("null")]
    public async Task A_page_of_another_origin_is_told_nothing(string origin)
    {
        await using var gateway = await StartAsync(Page);

        using var preflight = await SendAsync(gateway, HttpMethod.Options, "/v1/chat/completions", origin);
        using var answer = await SendAsync(gateway, HttpMethod.Get, "/v1/models", origin);

        Assert.False(preflight.Headers.Contains(Allow));
        Assert.False(answer.Headers.Contains(Allow));
    }

    [Fact]
    public async Task A_star_stands_for_every_origin()
    {
        await using var gateway = await StartAsync("*");

        using var answer = await SendAsync(gateway, HttpMethod.Get, "/v1/models", Page);

        Assert.Equal(["*"], answer.Headers.GetValues(Allow));
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_still_does_not_reach_a_control_plane_without_a_key()
    {
        await using var gateway = await StartAsync("*");

        using var answer = await SendAsync(gateway, HttpMethod.Get, "/workers", Page);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static Task<LiveGateway> StartAsync(string origin) => LiveGateway.StartAsync(0, options => options with
    {
        Security = options.Security with { CorsAllowedOrigins = [origin] },
    });

    private static Task<HttpResponseMessage> SendAsync(LiveGateway gateway, HttpMethod method, string path, string origin)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        if (method == HttpMethod.Options)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        }

        return gateway.Client.SendAsync(request);
    }
}
