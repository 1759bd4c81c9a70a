using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Host.Tests.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Dashboard.Browser;

/// <summary>Fleets that would take long to make: the page is told of them as a gateway would tell.</summary>
[Collection(Chromium.Collection)]
public sealed class StrangeFleetTests(Chromium chromium)
{
    [BrowserFact]
    public async Task A_thousand_workers_can_be_looked_through()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 0);
        await using var open = await OpenAsync(gateway, Enumerable.Range(0, 1000).Select(static i => Worker(
            i, $"http://10.0.{i / 250}.{i % 250}:8000", i == 777 ? "failed" : "ready", i == 777 ? "no route to host" : "")));

        await Expect(open.Find("#workers-count")).ToHaveTextAsync("1000");
        await Expect(open.Find("#workers tbody tr")).ToHaveCountAsync(200);
        // Trouble comes first, wherever it stands in the list.
        await Expect(open.Find("#workers tbody tr").First).ToContainTextAsync("no route to host");
        await open.Find("#workers-filter").FillAsync("10.0.2.24");
        await Expect(open.Find("#workers-count")).ToHaveTextAsync("11 of 1000");
        await open.Find("#workers-filter").FillAsync("");
        await open.Find("#workers-state").SelectOptionAsync("trouble");
        await Expect(open.Find("#workers tbody tr")).ToHaveCountAsync(1);
        await open.Find("#workers-state").SelectOptionAsync("");
        await open.Find("#workers-more").ClickAsync();
        await Expect(open.Find("#workers tbody tr")).ToHaveCountAsync(1000);
    }

    [BrowserFact]
    public async Task What_workers_say_is_text_and_never_markup()
    {
        const string Markup = "<img src=x onerror=alert(1)><b>bold</b>";
        await using var gateway = await LiveGateway.StartAsync(engines: 0);
        await using var open = await OpenAsync(gateway, [Worker(0, "http://10.0.0.1", "failed", Markup)]);

        await Expect(open.Find("#workers tbody tr")).ToContainTextAsync(Markup);
        await Expect(open.Find("#workers img, #workers b")).ToHaveCountAsync(0);
    }

    private Task<OpenPage> OpenAsync(LiveGateway gateway, IEnumerable<object> workers) => OpenPage.OpenAsync(
        chromium,
        gateway.Client.BaseAddress!,
        prepare: async page =>
        {
            var body = new StringBuilder()
                .Append("event: hello\ndata: {\"version\":\"0\",\"role\":\"admin\"}\n\n")
                .Append(CultureInfo.InvariantCulture, $"event: fleet\ndata: {JsonSerializer.Serialize(new { workers, figures = Array.Empty<int>(), gone = Array.Empty<int>() })}\n\n")
                .Append("event: models\ndata: {\"models\":[],\"policies\":[]}\n\n");
            await page.RouteAsync("**/dashboard/events", route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/event-stream", Body = body.ToString() }));
        });

    private static object Worker(int place, string url, string status, string reason) => new
    {
        id = new Guid(place, 0, 0, new byte[8]),
        ordinal = place,
        url,
        models = new[] { "m" },
        worker_type = "regular",
        connection_mode = "http",
        runtime_type = "sglang",
        status,
        reason,
        since = 0,
        epoch = place + 1,
        load = 0,
        peer_load = 0,
        breaker = "closed",
    };
}
