using System.Net;
using System.Text.RegularExpressions;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.EndToEnd;

namespace Gateway.Host.Tests.Dashboard;

public sealed partial class DashboardFileTests
{
    [Fact]
    public async Task The_page_is_for_everybody_and_may_do_nothing_but_talk_to_its_gateway()
    {
        await using var gateway = await LiveGateway.StartAsync(0, static options => options with { Security = new SecurityOptions { ControlPlaneApiKey = new Secret("hush") } });

        using var page = await gateway.Client.GetAsync(new Uri("/dashboard", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        using var events = await gateway.Client.GetAsync(new Uri("/dashboard/events", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, events.StatusCode);
    }

    [Fact]
    public async Task All_that_the_page_names_is_there_with_its_type_and_is_not_sent_twice()
    {
        await using var gateway = await LiveGateway.StartAsync(0);
        var page = await gateway.Client.GetStringAsync(new Uri("/dashboard", UriKind.Relative));
        var names = new Queue<string>(Link().Matches(page).Select(static match => match.Groups[1].Value));
        var seen = new HashSet<string>(names);
        while (names.TryDequeue(out var name))
        {
            using var file = await gateway.Client.GetAsync(new Uri($"/{name}", UriKind.Relative));
            Assert.True(file.StatusCode == HttpStatusCode.OK, name);
            Assert.Equal(TypeOf(name), file.Content.Headers.ContentType!.MediaType);
            foreach (Match import in Import().Matches(await file.Content.ReadAsStringAsync()))
            {
                if (seen.Add("dashboard/" + import.Groups[1].Value))
                    names.Enqueue("dashboard/" + import.Groups[1].Value);
            }

            using var again = new HttpRequestMessage(HttpMethod.Get, $"/{name}");
            again.Headers.IfNoneMatch.Add(file.Headers.ETag!);
            using var unchanged = await gateway.Client.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        }

        // Every file that is shipped is used.
        Assert.Equal(
            Directory.GetFiles(RepositoryFolder.PathOf("src/Gateway.Host/Dashboard/Page/Files")).Select(Path.GetFileName).Order(),
            seen.Select(Path.GetFileName).Append("index.html").Order());
    }

    [Theory]
    [InlineData("/dashboard/none.js")]
    [InlineData("/dashboard/..%2fgateway.dll")]
    [InlineData("/dashboard/app.js/x")]
    public async Task Nothing_else_is_given_out(string path)
    {
        await using var gateway = await LiveGateway.StartAsync(0);

        using var answer = await gateway.Client.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task A_slash_at_the_end_does_not_lead_astray()
    {
        await using var gateway = await LiveGateway.StartAsync(0);

        using var answer = await gateway.Client.GetAsync(new Uri("/dashboard/", UriKind.Relative));

        Assert.Equal("/dashboard", answer.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_page_that_looks_the_same_to_all_holds_nothing_of_this_gateway()
    {
        await using var one = await LiveGateway.StartAsync(1);
        await using var other = await LiveGateway.StartAsync(0);

        Assert.Equal(
            await other.Client.GetStringAsync(new Uri("/dashboard", UriKind.Relative)), await one.Client.GetStringAsync(new Uri("/dashboard", UriKind.Relative)));
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript",
        ".css" => "text/css",
        _ => "image/svg+xml",
    };

    [GeneratedRegex("(?:href|src)=\"(dashboard/[^\"]+)\"")]
    private static partial Regex Link();

    [GeneratedRegex("from \"\\./([^\"]+)\"")]
    private static partial Regex Import();
}
