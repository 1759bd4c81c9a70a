using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Gateway.Host.Serving;

namespace Gateway.Host.Observability.Metrics;

/// <summary>Answers by their status, under the names and labels of the Shepherd Model Gateway. There are as many series as statuses that occur.</summary>
internal sealed class SmgResponseCounts
{
    private readonly ConcurrentDictionary<Key, long[]> _answers = [];
    private readonly ConcurrentDictionary<int, long[]> _upstream = [];

    public SmgResponseCounts(GatewayMeter meter)
    {
        meter.Count("smg_http_responses_total", "", "Answers to clients, by status.", Answers);
        meter.Count("smg_router_upstream_responses_total", "", "Answers of engines over HTTP, by status, also those that were tried again.", Upstream);
    }

    /// <summary>An answer to a client is over.</summary>
    public void End(Exchange exchange, string path, int status) => Increment(_answers.GetOrAdd(new Key(path, status, exchange.ErrorCode ?? ""), static _ => new long[1]));

    /// <summary>An engine has answered an attempt.</summary>
    public void Answered(int status) => Increment(_upstream.GetOrAdd(status, static _ => new long[1]));

    private static void Increment(long[] count) => Interlocked.Increment(ref count[0]);

    private IEnumerable<Measurement<long>> Answers() => _answers.Select(static one => new Measurement<long>(
        Volatile.Read(ref one.Value[0]),
        new("path", one.Key.Path),
        new("status_code", one.Key.Status.ToString(CultureInfo.InvariantCulture)),
        new("error_code", one.Key.Error)));

    private IEnumerable<Measurement<long>> Upstream() => _upstream.Select(static one => new Measurement<long>(
        Volatile.Read(ref one.Value[0]),
        new("router_type", "openai"),
        new("status_code", one.Key.ToString(CultureInfo.InvariantCulture))));

    private readonly record struct Key(string Path, int Status, string Error);
}
