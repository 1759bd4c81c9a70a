using System.Text.Json;
using Gateway.Host.Tests.EndToEnd;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Dashboard.Browser;

[Collection(Chromium.Collection)]
public sealed class DashboardAccessibilityTests(Chromium chromium)
{
    private static readonly string Folder = RepositoryFolder.PathOf("tests/dashboard-axe");

    private static readonly Lazy<Task<string>> Axe = new(static async () =>
    {
        var (code, said) = await Command.RunAsync(Folder, "npm", ["ci", "--no-audit", "--no-fund", "--prefer-offline"]);
        Assert.True(code == 0, said);
        return await File.ReadAllTextAsync(Path.Combine(Folder, "node_modules", "axe-core", "axe.min.js"));
    });

    [BrowserFact]
    public async Task Every_view_keeps_the_rules_of_accessibility_in_light_and_dark_on_large_and_small_screens()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 2);
        // Something is wrong, so that its colours are judged too.
        await gateway.Engines.Workers[0].CrashAsync();
        using var refused = await gateway.Client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), new StringContent("{}"));
        foreach (var (scheme, width) in new[] { (ColorScheme.Light, 1440), (ColorScheme.Dark, 360) })
        {
            await using var open = await OpenPage.OpenAsync(
                chromium, gateway.Client.BaseAddress!, options: new BrowserNewContextOptions { ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = 800 } });
            await Expect(open.Find("#workers tbody tr")).ToHaveCountAsync(2);
            await open.Page.EvaluateAsync(await Axe.Value);
            await JudgeAsync(open, "fleet");
            await open.Find("#worker-add").ClickAsync();
            await JudgeAsync(open, "adding a worker");
            await open.Page.Keyboard.PressAsync("Escape");
            await open.ShowAsync("requests");
            await open.Find("#requests tbody button").First.ClickAsync();
            await JudgeAsync(open, "requests");
            await open.ShowAsync("playground");
            await open.Find("#play-send").ClickAsync();
            await Expect(open.Find("#play-status")).ToHaveTextAsync("The answer is complete.");
            await JudgeAsync(open, "playground");
        }
    }

    [BrowserFact]
    public async Task Nothing_sticks_out_of_a_small_screen()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 2);
        using var served = await gateway.Client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), ClientLoad.Request(stream: false, maxTokens: 2));
        await using var open = await OpenPage.OpenAsync(
            chromium, gateway.Client.BaseAddress!, options: new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = 360, Height = 740 } });
        await Expect(open.Find("#workers tbody tr")).ToHaveCountAsync(2);

        Assert.False(await open.ScrollsSidewaysAsync());
        await open.ShowAsync("requests");
        await open.Find("#requests tbody button").First.ClickAsync();
        Assert.False(await open.ScrollsSidewaysAsync());
        await open.ShowAsync("playground");
        Assert.False(await open.ScrollsSidewaysAsync());
    }

    [BrowserFact]
    public async Task Everything_can_be_done_with_the_keyboard()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 1);
        await using var open = await OpenPage.OpenAsync(chromium, gateway.Client.BaseAddress!);
        await Expect(open.Find("#workers tbody tr")).ToHaveCountAsync(1);
        var keys = open.Page.Keyboard;

        await keys.PressAsync("Tab");
        await Expect(open.Find(".skip")).ToBeFocusedAsync();
        await TabToAsync(open, ".plot");
        await keys.PressAsync("ArrowLeft");
        await Expect(open.Find(".plot").First).ToHaveAttributeAsync("aria-valuetext", new System.Text.RegularExpressions.Regex("answered"));
        await TabToAsync(open, "#workers tbody button");
        await keys.PressAsync("Enter");
        await Expect(open.Find("#confirm")).ToBeVisibleAsync();
        await keys.PressAsync("Enter");
        await Expect(open.Find("#confirm")).ToBeHiddenAsync();
        Assert.Equal(1, gateway.Ready);
        await keys.PressAsync("Enter");
        await TabToAsync(open, "#confirm-ok");
        await keys.PressAsync("Enter");
        await Expect(open.Find("#workers tbody tr")).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task The_theme_is_the_systems_until_one_is_chosen_and_the_choice_stays()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 0);
        await using var open = await OpenPage.OpenAsync(
            chromium, gateway.Client.BaseAddress!, options: new BrowserNewContextOptions { ColorScheme = ColorScheme.Dark });
        await open.IsLiveAsync();
        var dark = await GroundAsync();

        await open.Find("#theme").ClickAsync();
        var light = await GroundAsync();
        await open.Page.ReloadAsync();
        await open.IsLiveAsync();

        Assert.Equal("rgb(18, 21, 26)", dark);
        Assert.Equal("rgb(246, 247, 249)", light);
        Assert.Equal(light, await GroundAsync());

        Task<string> GroundAsync() => open.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
    }

    /// <summary>Presses Tab until it is there.</summary>
    private static async Task TabToAsync(OpenPage open, string selector)
    {
        const int Patience = 60;
        for (var press = 0; press < Patience; press++)
        {
            await open.Page.Keyboard.PressAsync("Tab");
            if (await open.Page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
                return;
        }

        Assert.Fail($"the Tab key does not lead to {selector}");
    }

    private static async Task JudgeAsync(OpenPage open, string where)
    {
        var found = await open.Page.EvaluateAsync<JsonElement>(
            """
            async () => (await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }))
              .violations.map(rule => `${rule.id}: ${rule.nodes.map(node => node.target.join(" ")).join(", ")}`)
            """);
        Assert.True(found.GetArrayLength() == 0, $"{where}: {found}");
    }
}
