using System.Text;
using Gateway.Actors.Registry;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Gateway.Host.Dashboard.Requests;
using Gateway.Host.Dashboard.Traffic;
using Gateway.Host.Dashboard.Watching;
using Gateway.Host.Tests.EndToEnd;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.Dashboard;

public sealed class WatcherFeedTests
{
    [Fact]
    public async Task After_its_term_a_watcher_is_asked_to_come_again_with_a_key_that_is_still_good()
    {
        await using var gateway = await LiveGateway.StartAsync(0);
        var services = gateway.App.Services;
        var time = new ManualTime();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Response.Body = body;
        await using var events = new EventStream(context);
        var feed = new WatcherFeed(
            events,
            services.GetRequiredService<RegistryView>(),
            services.GetRequiredService<TrafficHistory>(),
            services.GetRequiredService<RequestRing>(),
            services.GetRequiredService<AdmissionGate>(),
            services.GetRequiredService<GatewayOptions>(),
            time);

        var run = feed.RunAsync(KeyRole.Viewer, CancellationToken.None);
        for (var passed = TimeSpan.Zero; passed < WatcherFeed.Term; passed += TimeSpan.FromMinutes(1))
        {
            Assert.False(run.IsCompleted);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        await run.WaitAsync(Eventually.Limit);
        Assert.EndsWith("event: again\ndata: {}\n\n", Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
    }
}
