using System.Diagnostics.Metrics;
using Gateway.Host.Serving.Tokens.Planning;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Observability.Metrics;

/// <summary>How the caches of token ids do.</summary>
internal sealed class TextMetrics(ModelTexts texts) : IMetricFamily
{
    public void Register(GatewayMeter meter)
    {
        if (texts.Cache is not { } cache)
            return;
        meter.Count("gateway.tokenizer.cache.hits", "{text}", "Texts whose ids were found.", () => Both(cache, static one => one.Hits));
        meter.Count("gateway.tokenizer.cache.misses", "{text}", "Texts whose ids were looked for in vain.", () => Both(cache, static one => one.Misses));
        meter.Gauge("gateway.tokenizer.cache.entries", "{text}", "Texts whose ids are kept.", () => Both(cache, static one => one.Entries));
        meter.Gauge("gateway.tokenizer.cache.size", "By", "What they take.", () => Both(cache, static one => one.Bytes));
        meter.Gauge("gateway.tokenizer.cache.capacity", "By", "What they may take.", () => Both(cache, static one => one.CapacityBytes));
    }

    private static IEnumerable<Measurement<long>> Both(TokenizerCache cache, Func<TokenizerCacheStatistics, long> read) =>
    [
        new Measurement<long>(read(cache.Prompts), new KeyValuePair<string, object?>("cache", "prompts")),
        new Measurement<long>(read(cache.Segments), new KeyValuePair<string, object?>("cache", "segments")),
    ];
}
