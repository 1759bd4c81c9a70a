using System.Globalization;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Simulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Dashboard.Browser;

/// <summary>
/// Takes the pictures of docs/dashboard.md, of a fleet that is asked for so many seconds: <c>DASHBOARD_PICTURES=300 dotnet test --filter DashboardPictures</c>.
/// Does nothing otherwise.
/// </summary>
[Collection(Chromium.Collection)]
public sealed class DashboardPictures(Chromium chromium)
{
    private static readonly string? Seconds = Environment.GetEnvironmentVariable("DASHBOARD_PICTURES");

    [BrowserFact]
    public async Task The_pictures_of_the_page_are_of_a_fleet_at_work()
    {
        if (Seconds is null)
            return;
        var large = new SimulatorOptions { Model = "meta-llama/Llama-3.3-70B-Instruct" };
        var small = new SimulatorOptions { Model = "Qwen/Qwen3-8B", Runtime = SimulatedRuntime.Vllm };
        await using var gateway = await LiveGateway.StartAsync(await SimulatedFleet.StartAsync([large, large, large, large, small, small]), null);
        await using var crowd = new Conversations(gateway.Client.BaseAddress!, [large.Model, large.Model, small.Model], clients: 18);
        await Task.Delay(TimeSpan.FromSeconds(double.Parse(Seconds, CultureInfo.InvariantCulture)));

        await using (var page = await OpenAsync(gateway, ColorScheme.Light))
        {
            await SettleAsync(page);
            await TakeAsync(page, "light");
            await page.ShowAsync("requests");
            await page.Find("#requests-pause").ClickAsync();
            await page.Find("#requests tbody tr").Filter(new LocatorFilterOptions { HasText = "Llama" }).Nth(3).GetByRole(AriaRole.Button).ClickAsync();
            await page.Page.Mouse.MoveAsync(0, 0);
            await TakeAsync(page, "requests");
        }

        await using (var page = await OpenAsync(gateway, ColorScheme.Dark))
        {
            await SettleAsync(page);
            await gateway.Engines.Workers[2].CrashAsync();
            await Expect(page.Find("[data-tile=ready]")).ToHaveTextAsync("5 of 6");
            await SettleAsync(page);
            await TakeAsync(page, "dark");
            await gateway.Engines.Workers[2].ReviveAsync();
            await page.ShowAsync("playground");
            await page.Find("#play-model").SelectOptionAsync(large.Model);
            await page.Find("#play-system").FillAsync("You answer in one short sentence.");
            await page.Find("#play-send").ClickAsync();
            await Expect(page.Find("#play-why")).ToContainTextAsync("chosen by");
            await TakeAsync(page, "playground");
        }
    }

    private Task<OpenPage> OpenAsync(LiveGateway gateway, ColorScheme scheme) => OpenPage.OpenAsync(
        chromium,
        gateway.Client.BaseAddress!,
        options: new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = 1360, Height = 800 } });

    /// <summary>Long enough for every figure to have been told.</summary>
    private static Task SettleAsync(OpenPage page) => page.Page.WaitForTimeoutAsync(4000);

    private static async Task TakeAsync(OpenPage page, string name) =>
        await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = RepositoryFolder.PathOf($"docs/images/dashboard-{name}.png") });
}
