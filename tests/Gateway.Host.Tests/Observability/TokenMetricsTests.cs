using Gateway.Host.Configuration;
using Gateway.Host.Observability.Metrics;
using Gateway.Host.Tests.EndToEnd.TokenIn;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Host.Tests.Observability;

public sealed class TokenMetricsTests
{
    [Fact]
    public async Task Of_engines_that_take_tokens_all_are_counted_also_those_of_a_stream()
    {
        await using var gateway = await StartAsync();
        var export = gateway.Live.App.Services.GetRequiredService<MetricsExport>();
        using (var response = await gateway.CompleteAsync("\"prompt\":\"hello\",\"max_tokens\":8,\"stream\":true,\"ignore_eos\":true"))
            await response.Content.ReadAsStringAsync();

        var scrape = await Scrape.WhenAsync(export, static scrape => scrape.Sum("gateway_requests_total", "endpoint=/v1/completions") == 1);

        Assert.Equal(5, scrape.Sum("gateway_tokens_total", "type=input", "model=sim-8b"));
        Assert.Equal(8, scrape.Sum("gateway_tokens_total", "type=output", "model=sim-8b"));
        Assert.Equal(1, scrape.Sum("gen_ai_server_time_to_first_token_seconds_count", "gen_ai_operation_name=text_completion"));
        Assert.Equal(1, scrape.Sum("gen_ai_server_time_per_output_token_seconds_count"));
        Assert.Equal(0, scrape.Sum("gateway_requests_active"));
        Assert.True(scrape.Has("gateway_tokenizer_cache_misses_total"));
        Assert.Equal(1, scrape.Sum("gateway_workers", "state=ready"));
    }

    [Fact]
    public async Task A_client_that_leaves_a_generation_leaves_nothing_in_flight()
    {
        await using var gateway = await StartAsync();
        var export = gateway.Live.App.Services.GetRequiredService<MetricsExport>();
        using (await gateway.CompleteAsync("\"prompt\":\"hello\",\"max_tokens\":100000,\"stream\":true,\"ignore_eos\":true"))
        {
        }

        var scrape = await Scrape.WhenAsync(export, static scrape => scrape.Sum("gateway_requests_total", "status=client_gone") == 1);

        Assert.Equal(0, scrape.Sum("gateway_requests_active"));
        Assert.Equal(0, scrape.Sum("gateway_worker_requests_active"));
        Assert.Equal(0, scrape.Sum("gateway_worker_prompts_pending_bytes"));
    }

    private static Task<SimulatedGateway> StartAsync() => SimulatedGateway.StartAsync(
        1, configure: static options => options with { Metrics = new MetricsOptions { Port = 0, Host = "127.0.0.1" } });
}
