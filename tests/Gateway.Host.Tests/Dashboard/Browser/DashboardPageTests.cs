using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;
using Gateway.Simulator;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Dashboard.Browser;

[Collection(Chromium.Collection)]
public sealed class DashboardPageTests(Chromium chromium)
{
    [BrowserFact]
    public async Task A_worker_is_seen_to_die_and_to_come_back_without_a_reload()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 2);
        await using var open = await OpenAsync(gateway);
        await open.Page.EvaluateAsync("window.isTheSamePage = true");
        var victim = gateway.Engines.Workers[0];
        var row = open.Worker(victim.Url.Authority);
        await Expect(row.Locator(".state")).ToHaveTextAsync("ready");
        await Expect(open.Find("[data-tile=ready]")).ToHaveTextAsync("2 of 2");
        var epoch = gateway.EntryOf(victim).Worker.Epoch;
        await Expect(row).ToContainTextAsync($"closed{epoch}");

        await victim.CrashAsync();

        await Expect(row.Locator(".state")).Not.ToHaveTextAsync("ready");
        await Expect(open.Find("[data-tile=ready]")).ToHaveTextAsync("1 of 2");
        await Expect(open.Find("#events li").First).ToContainTextAsync(victim.Url.Authority);
        // Heard as well as seen.
        await Expect(open.Find("#live")).ToContainTextAsync(victim.Url.Authority);

        await victim.ReviveAsync();

        await Expect(row.Locator(".state")).ToHaveTextAsync("ready");
        await Expect(open.Find("[data-tile=ready]")).ToHaveTextAsync("2 of 2");
        await Expect(row).ToContainTextAsync($"closed{gateway.EntryOf(victim).Worker.Epoch}");
        Assert.True(gateway.EntryOf(victim).Worker.Epoch > epoch);
        Assert.True(await open.Page.EvaluateAsync<bool>("window.isTheSamePage"));
    }

    [BrowserFact]
    public async Task A_gateway_that_is_gone_is_said_to_be_gone_and_found_again()
    {
        var engine = new SimulatorOptions();
        await using var first = await LiveGateway.StartAsync(1, engine);
        var port = first.Client.BaseAddress!.Port;
        await using var open = await OpenAsync(first);
        open.Expects = static what => what.Contains("net::ERR", StringComparison.Ordinal);

        await first.App.StopAsync();
        await Expect(open.Find("#link-text")).ToHaveTextAsync("Not connected");
        await Expect(open.Find("#notice")).ToContainTextAsync("may be old");
        await using var second = await LiveGateway.StartAsync(2, engine, options => options with { Listen = options.Listen with { Port = port } });

        await open.IsLiveAsync();
        await Expect(open.Find("[data-tile=ready]")).ToHaveTextAsync("2 of 2");
        await Expect(open.Find("#workers tbody tr")).ToHaveCountAsync(2);
        await Expect(open.Find("#notice")).ToBeHiddenAsync();
    }

    [BrowserFact]
    public async Task A_worker_is_drained_only_after_it_was_confirmed()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 2);
        await using var open = await OpenAsync(gateway);
        var victim = gateway.Engines.Workers[1];
        var drain = open.Worker(victim.Url.Authority).GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Drain" });

        await drain.ClickAsync();
        await Expect(open.Find("#confirm")).ToContainTextAsync(victim.Url.Authority);
        // What the Enter key would do.
        await Expect(open.Find("#confirm-cancel")).ToBeFocusedAsync();
        await open.Find("#confirm-cancel").ClickAsync();
        await Expect(open.Find("#confirm")).ToBeHiddenAsync();
        await Expect(drain).ToBeFocusedAsync();
        Assert.Equal(WorkerState.Ready, gateway.EntryOf(victim).State);
        await drain.ClickAsync();
        await open.Find("#confirm-ok").ClickAsync();

        await Expect(open.Find("#workers tbody tr")).ToHaveCountAsync(1);
        await Expect(open.Find("#events")).ToContainTextAsync("is gone");
        Assert.Single(gateway.View.Current.Workers);
    }

    [BrowserFact]
    public async Task A_worker_can_be_added_and_removed_and_a_refusal_is_told_where_it_was_asked()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 1);
        await using var another = await SimulatedWorker.StartAsync();
        await using var open = await OpenAsync(gateway);
        open.Expects = static what => what.Contains("400", StringComparison.Ordinal);

        await open.Find("#worker-add").ClickAsync();
        await open.Find("#confirm [name=url]").FillAsync("ftp://nowhere");
        await open.Find("#confirm-ok").ClickAsync();
        await Expect(open.Find("#confirm-error")).ToContainTextAsync("url");
        await open.Find("#confirm [name=url]").FillAsync(another.Url.ToString());
        await open.Find("#confirm-ok").ClickAsync();

        var row = open.Worker(another.Url.Authority);
        await Expect(row.Locator(".state")).ToHaveTextAsync("ready");
        await row.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Remove" }).ClickAsync();
        await open.Find("#confirm-ok").ClickAsync();
        await Expect(row).ToHaveCountAsync(0);
    }

    [BrowserFact]
    public async Task A_models_policy_can_be_chosen_and_the_choice_taken_back()
    {
        await using var gateway = await LiveGateway.StartAsync(1, new SimulatorOptions { Model = "org/m 1" });
        await using var open = await OpenAsync(gateway);

        await open.Find("#models button").ClickAsync();
        await open.Find("#confirm [name=policy]").SelectOptionAsync("power_of_two");
        await open.Find("#confirm-ok").ClickAsync();
        await Expect(open.Find("#models tbody tr")).ToContainTextAsync("power_of_two");
        await Expect(open.Find("#models button")).ToBeVisibleAsync();
        await open.Find("#models button").ClickAsync();
        await open.Find("#confirm [name=policy]").SelectOptionAsync("");
        await open.Find("#confirm-ok").ClickAsync();

        await Expect(open.Find("#models tbody tr")).ToContainTextAsync("cache_aware");
    }

    [BrowserFact]
    public async Task A_request_that_has_ended_shows_where_it_went_and_why()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 2);
        await using var open = await OpenAsync(gateway, "requests");
        await open.IsLiveAsync();

        using var answer = await gateway.Client.PostAsync(new Uri("/v1/chat/completions", UriKind.Relative), new StringContent(
            """{"model":"sim-8b","stream":true,"stream_options":{"include_usage":true},"max_tokens":3,"messages":[{"role":"user","content":"hello"}]}"""));
        var id = answer.Headers.GetValues("x-request-id").Single();
        var row = open.Find("#requests tbody tr").Filter(new LocatorFilterOptions { HasText = id });
        await Expect(row).ToContainTextAsync("cache_aware");
        await row.GetByRole(AriaRole.Button).ClickAsync();

        var receipt = open.Find("#receipt");
        await Expect(receipt).ToBeFocusedAsync();
        await Expect(receipt).ToContainTextAsync("one of 2 workers, chosen by cache_aware");
        await Expect(receipt).ToContainTextAsync("least cost");
        await Expect(receipt).ToContainTextAsync("waiting for engines");
        await Expect(receipt).ToContainTextAsync("3 tokens");
        await open.Page.Keyboard.PressAsync("Escape");
        await Expect(receipt).ToBeHiddenAsync();
        await Expect(row.GetByRole(AriaRole.Button)).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task The_playground_streams_an_answer_and_says_who_gave_it()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 1);
        await using var open = await OpenAsync(gateway, "playground");
        await Expect(open.Find("#play-model option")).ToHaveCountAsync(1);

        await open.Find("#play-tokens").FillAsync("12");
        await open.Find("#play-send").ClickAsync();

        await Expect(open.Find("#answer")).ToContainTextAsync("[simulated engine, no model]");
        await Expect(open.Find("#play-status")).ToHaveTextAsync("The answer is complete.");
        var facts = open.Find("#play-facts");
        await Expect(facts).ToContainTextAsync(gateway.Engines.Workers[0].Url.Authority);
        await Expect(facts).ToContainTextAsync("cache_aware");
        await Expect(facts).ToContainTextAsync("12, ");
        await Expect(open.Find("#play-why")).ToContainTextAsync("the only worker there was");
    }

    [BrowserFact]
    public async Task An_answer_can_be_stopped_and_the_engine_stops_too()
    {
        await using var gateway = await LiveGateway.StartAsync(engines: 1, timings: EngineTimings.Default with { BaseInterTokenLatency = TimeSpan.FromMilliseconds(50) });
        await using var open = await OpenAsync(gateway, "playground");
        await Expect(open.Find("#play-model option")).ToHaveCountAsync(1);
        await open.Find("#play-tokens").FillAsync("2000");
        await open.Find("#play-send").ClickAsync();
        await Expect(open.Find("#answer")).ToContainTextAsync("simulated");

        await open.Find("#play-stop").ClickAsync();

        await Expect(open.Find("#play-status")).ToHaveTextAsync("Stopped.");
        await Expect(open.Find("#play-send")).ToBeEnabledAsync();
        await Eventually.HoldsAsync(() => gateway.Engines.Workers[0].Stats.Aborted > 0, "the engine has given up");
    }

    [BrowserFact]
    public async Task The_key_is_asked_for_kept_in_the_tab_and_never_sent_to_an_engine()
    {
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        await using var gateway = await LiveGateway.StartAsync(1, static options => options with { Security = new SecurityOptions { ControlPlaneApiKey = new Secret("open-sesame") } });
        gateway.Engines.Workers[0].Received += request => seen.Enqueue(request.Authorization);
        await using var open = await OpenAsync(gateway);
        open.Expects = static what => what.Contains("401", StringComparison.Ordinal);
        var value = open.Find("#ask-key-value");

        await Expect(value).ToBeFocusedAsync();
        await value.FillAsync("sesame");
        await value.PressAsync("Enter");
        await Expect(open.Find("#ask-key-error")).ToContainTextAsync("not known");
        await Expect(open.Find("#workers tbody tr")).ToHaveCountAsync(0);
        await value.FillAsync("open-sesame");
        await value.PressAsync("Enter");
        await open.IsLiveAsync();
        await Expect(open.Find("#workers tbody tr")).ToHaveCountAsync(1);
        await open.ShowAsync("playground");
        await open.Find("#play-send").ClickAsync();
        await Expect(open.Find("#play-status")).ToHaveTextAsync("The answer is complete.");
        await open.Page.ReloadAsync();
        await open.IsLiveAsync();

        Assert.False(await open.Page.EvaluateAsync<bool>("JSON.stringify(localStorage).includes('sesame') || document.cookie.includes('sesame')"));
        Assert.DoesNotContain(seen, static header => header?.Contains("sesame", StringComparison.Ordinal) == true);
        await open.Find("#key").ClickAsync();
        await Expect(open.Find("#ask-key")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_viewer_is_offered_nothing_that_is_refused()
    {
        await using var gateway = await LiveGateway.StartAsync(
            1, static options => options with { Security = new SecurityOptions { Keys = [new KeyOptions { Name = "wall", Key = new Secret("look"), Role = KeyRole.Viewer }] } });
        await using var open = await OpenAsync(gateway);
        open.Expects = static what => what.Contains("401", StringComparison.Ordinal);

        await open.Find("#ask-key-value").FillAsync("look");
        await open.Find("#ask-key-value").PressAsync("Enter");

        await Expect(open.Find("#workers tbody tr")).ToHaveCountAsync(1);
        await Expect(open.Find("#models tbody tr")).ToHaveCountAsync(1);
        await Expect(open.Find("#worker-add")).ToBeHiddenAsync();
        await Expect(open.Find("#workers tbody button")).ToHaveCountAsync(0);
        await Expect(open.Find("#models tbody button")).ToHaveCountAsync(0);
    }

    private Task<OpenPage> OpenAsync(LiveGateway gateway, string view = "fleet") => OpenPage.OpenAsync(chromium, gateway.Client.BaseAddress!, view);
}
