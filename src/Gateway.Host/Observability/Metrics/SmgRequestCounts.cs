using System.Diagnostics.Metrics;

namespace Gateway.Host.Observability.Metrics;

/// <summary>The same counts under the names and labels of the Shepherd Model Gateway.</summary>
internal static class SmgRequestCounts
{
    public static void Register(GatewayMeter meter, Func<IEnumerable<EndpointSeries>> series)
    {
        meter.Count("smg_http_requests_total", "", "Requests that have ended.", () => ByPath(series()));
        meter.Count("smg_router_requests_total", "", "Requests that have ended, for models.", () => Routed(series(), static one => Total(one)));
        meter.Count("smg_router_request_errors_total", "", "Requests that have ended in an error.", () => Routed(series(), static one => one.Ended(StatusClass.ServerError) + one.Ended(StatusClass.ClientError) + one.Ended(StatusClass.Interrupted)));
        meter.Count("smg_router_tokens_total", "", "Tokens, as engines have counted them.", () => Tokens(series()));
        meter.Count("smg_worker_retries_total", "", "Attempts after a request's first.", () => ByEndpoint(series(), static one => one.Retries));
        meter.Count("smg_worker_retries_exhausted_total", "", "Requests that failed although they were tried more than once.", () => ByEndpoint(series(), static one => one.RetriesExhausted));
    }

    private static long Total(EndpointSeries series)
    {
        var sum = 0L;
        for (var status = 0; status < StatusClasses.Words.Count; status++)
            sum += series.Ended((StatusClass)status);
        return sum;
    }

    private static IEnumerable<Measurement<long>> ByPath(IEnumerable<EndpointSeries> series) => series
        .GroupBy(static one => one.Key.Endpoint)
        .Select(static group => new Measurement<long>(group.Sum(Total), new KeyValuePair<string, object?>("path", group.Key)));

    private static IEnumerable<Measurement<long>> Routed(IEnumerable<EndpointSeries> series, Func<EndpointSeries, long> read) => series
        .Where(static one => Operation.Of(one.Key.Endpoint) != Operation.Other)
        .Select(one => new Measurement<long>(read(one), [.. SmgInstruments.TagsOf(one.Key), new("streaming", one.Key.Stream ? "true" : "false")]));

    private static IEnumerable<Measurement<long>> ByEndpoint(IEnumerable<EndpointSeries> series, Func<EndpointSeries, long> read) => series
        .GroupBy(static one => one.Key.Endpoint)
        .Select(group => new Measurement<long>(group.Sum(read), new KeyValuePair<string, object?>("endpoint", group.Key)));

    private static IEnumerable<Measurement<long>> Tokens(IEnumerable<EndpointSeries> series)
    {
        foreach (var group in series.GroupBy(static one => (one.Key.Endpoint, one.Key.Model)))
        {
            var tags = SmgInstruments.TagsOf(new SeriesKey(group.Key.Endpoint, group.Key.Model, Stream: false));
            yield return new Measurement<long>(group.Sum(static one => one.InputTokens), [.. tags, new("token_type", "input")]);
            yield return new Measurement<long>(group.Sum(static one => one.OutputTokens), [.. tags, new("token_type", "output")]);
        }
    }
}
