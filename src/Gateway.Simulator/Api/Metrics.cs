using System.Globalization;
using System.Text;

namespace Gateway.Simulator.Api;

/// <summary>GET /metrics: the few series that gateways read, in Prometheus' text format.</summary>
internal static class Metrics
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static Task SgLangAsync(Exchange exchange)
    {
        var load = exchange.Engines.Load;
        return exchange.WriteTextAsync(StatusCodes.Status200OK, contentType: ContentType, text: Render(
            exchange.Options,
            ("sglang:num_running_reqs", "gauge", load.Running),
            ("sglang:num_queue_reqs", "gauge", load.Waiting),
            ("sglang:num_used_tokens", "gauge", load.UsedTokens),
            ("sglang:max_total_num_tokens", "gauge", load.CapacityTokens),
            ("sglang:token_usage", "gauge", load.Usage),
            ("sglang:cache_hit_rate", "gauge", CacheHitRate(exchange.Life.Stats))));
    }

    public static Task VllmAsync(Exchange exchange)
    {
        var load = exchange.Engines.Load;
        var stats = exchange.Life.Stats;
        return exchange.WriteTextAsync(StatusCodes.Status200OK, contentType: ContentType, text: Render(
            exchange.Options,
            ("vllm:num_requests_running", "gauge", load.Running),
            ("vllm:num_requests_waiting", "gauge", load.Waiting),
            ("vllm:kv_cache_usage_perc", "gauge", load.Usage),
            ("vllm:prefix_cache_queries_total", "counter", stats.PromptTokens),
            ("vllm:prefix_cache_hits_total", "counter", stats.CachedTokens),
            ("vllm:generation_tokens_total", "counter", stats.CompletionTokens)));
    }

    /// <summary>Share of all prompt tokens that were cached.</summary>
    public static double CacheHitRate(SimulatorStats stats) => stats.CachedTokens / (double)Math.Max(1, stats.PromptTokens);

    private static string Render(SimulatorOptions options, params ReadOnlySpan<(string Name, string Type, double Value)> series)
    {
        var text = new StringBuilder();
        foreach (var (name, type, value) in series)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");
            text.Append(CultureInfo.InvariantCulture, $"{name}{{model_name=\"{options.Model}\"}} {value}\n");
        }

        return text.ToString();
    }
}
