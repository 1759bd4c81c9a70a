using Gateway.Host.Configuration;
using Gateway.Host.Observability.Metrics;
using Gateway.Host.Tests.EndToEnd;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.Observability;

public sealed class DiscoveryMetricsTests
{
    private static readonly MetricsOptions Measured = new() { Port = 0, Host = "127.0.0.1", Names = MetricNames.Both };

    [Fact]
    public async Task Workers_that_come_and_go_are_counted_once_and_their_checks_each_time()
    {
        await using var gateway = await LiveGateway.StartAsync(2, static options => options with { Metrics = Measured });
        var export = gateway.App.Services.GetRequiredService<MetricsExport>();
        // A lost connection is not a worker that has gone.
        await gateway.Engines.Workers[1].StopAsync();
        await Scrape.WhenAsync(export, static scrape => scrape.Sum("gateway_health_checks_total", "role=regular", "result=unreachable") >= 3);
        (await gateway.Client.DeleteAsync($"/workers/{gateway.EntryOf(gateway.Engines.Workers[0]).Worker.Id}")).Dispose();

        var scrape = await Scrape.WhenAsync(export, static scrape => scrape.Sum("gateway_discovery_workers_removed_total") > 0);

        Assert.Equal(2, scrape.Sum("gateway_discovery_workers_added_total", "origin=commandline"));
        Assert.Equal(1, scrape.Sum("gateway_discovery_workers_removed_total", "origin=commandline"));
        Assert.Equal(2, scrape.Sum("gateway_discovery_workers_added_total"));
        Assert.True(scrape.Sum("gateway_health_checks_total", "role=regular", "result=healthy") >= 2);
        Assert.Equal(2, scrape.Sum("smg_discovery_registrations_total", "source=commandline"));
        Assert.Equal(1, scrape.Sum("smg_discovery_workers_discovered", "source=commandline"));
        Assert.True(scrape.Sum("gateway_registry_publish_time_seconds_total") > 0);
        Assert.False(scrape.Has("gateway_discovery_lookups_total"));
    }

    [Fact]
    public async Task Looks_at_a_source_are_counted_by_what_came_of_them()
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "[]");
            await using var gateway = await LiveGateway.StartAsync(0, options => options with
            {
                Metrics = Measured,
                Fleet = options.Fleet with { WorkersFile = path, WorkersFileInterval = TimeSpan.FromMilliseconds(100) },
            });
            var export = gateway.App.Services.GetRequiredService<MetricsExport>();
            await Scrape.WhenAsync(export, static scrape => scrape.Sum("gateway_discovery_lookups_total", "source=file", "result=success") >= 2);
            Assert.Equal(0, (await Scrape.OfAsync(export)).Sum("gateway_discovery_lookups_total", "result=failure"));

            File.Delete(path);

            await Scrape.WhenAsync(export, static scrape => scrape.Sum("gateway_discovery_lookups_total", "source=file", "result=failure") >= 1);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
