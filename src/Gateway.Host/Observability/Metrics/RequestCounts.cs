using System.Diagnostics.Metrics;

namespace Gateway.Host.Observability.Metrics;

/// <summary>Gives out what the series of all endpoints and models have counted.</summary>
internal static class RequestCounts
{
    public static void Register(GatewayMeter meter, Func<IEnumerable<EndpointSeries>> series)
    {
        meter.Count("gateway.requests", "{request}", "Requests that have ended.", () => Requests(series()));
        meter.Gauge("gateway.requests.active", "{request}", "Requests in the gateway now whose model is known.", () => Of(series(), static one => one.Active));
        meter.Count("gateway.retries", "{attempt}", "Attempts after a request's first.", () => Of(series(), static one => one.Retries));
        meter.Count(
            "gateway.retries.exhausted", "{request}", "Requests that failed although they were tried more than once.", () => Of(series(), static one => one.RetriesExhausted));
        meter.Count("gateway.tokens", "{token}", "Tokens, as engines have counted them; cached ones are part of input, reasoning ones of output.", () => Tokens(series()));
        if (meter.HasSmgNames)
            SmgRequestCounts.Register(meter, series);
    }

    private static IEnumerable<Measurement<long>> Requests(IEnumerable<EndpointSeries> series)
    {
        foreach (var one in series)
        {
            for (var status = 0; status < StatusClasses.Words.Count; status++)
            {
                var count = one.Ended((StatusClass)status);
                if (count > 0)
                {
                    yield return new Measurement<long>(
                        count,
                        new("endpoint", one.Key.Endpoint),
                        new("model", one.Key.Model),
                        new("stream", one.Key.Stream ? "true" : "false"),
                        new("status", StatusClasses.Words[status]));
                }
            }
        }
    }

    private static IEnumerable<Measurement<long>> Tokens(IEnumerable<EndpointSeries> series)
    {
        foreach (var group in series.GroupBy(static one => (one.Key.Endpoint, one.Key.Model)))
        {
            foreach (var (type, count) in (IEnumerable<(string, Func<EndpointSeries, long>)>)
                [
                    ("input", static one => one.InputTokens),
                    ("output", static one => one.OutputTokens),
                    ("cached", static one => one.CachedTokens),
                    ("reasoning", static one => one.ReasoningTokens),
                ])
            {
                var tokens = group.Sum(count);
                if (tokens > 0)
                    yield return new Measurement<long>(tokens, new("endpoint", group.Key.Endpoint), new("model", group.Key.Model), new("type", type));
            }
        }
    }

    private static IEnumerable<Measurement<long>> Of(IEnumerable<EndpointSeries> series, Func<EndpointSeries, long> read)
    {
        foreach (var group in series.GroupBy(static one => (one.Key.Endpoint, one.Key.Model)))
            yield return new Measurement<long>(group.Sum(read), new("endpoint", group.Key.Endpoint), new("model", group.Key.Model));
    }
}
