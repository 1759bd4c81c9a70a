using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Host.Serving;

namespace Gateway.Host.Observability.Metrics;

/// <summary>Counts the requests and tokens of each tenant. Plain words, read when somebody looks.</summary>
internal sealed class TenantCounts
{
    /// <summary>Tenants with series of their own: with six ends of a request they stay within OpenTelemetry's limit of 2000 series a metric.</summary>
    public const int MostTenants = 300;

    private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly LabelBound _names = new(MostTenants);

    public void Register(GatewayMeter meter)
    {
        meter.Count("gateway.tenant.requests", "{request}", "Requests that have ended, by whose they were.", Requests);
        meter.Count("gateway.tenant.tokens", "{token}", "Tokens, as engines have counted them, by whose requests they were.", Tokens);
    }

    /// <summary>A request has ended. One with a wrong key is nobody's.</summary>
    public void End(Exchange exchange, StatusClass status)
    {
        if (exchange.Tenant is not { } tenant)
            return;
        var series = _series.GetOrAdd(_names.Of(tenant.Name), static _ => new Series());
        Interlocked.Increment(ref series.Ended[(int)status]);
        if (exchange.Tokens is not { } tokens)
            return;
        Interlocked.Add(ref series.Input, tokens.PromptTokens);
        Interlocked.Add(ref series.Output, tokens.CompletionTokens);
    }

    private IEnumerable<Measurement<long>> Requests() =>
        from one in _series
        from status in Enum.GetValues<StatusClass>()
        let count = Volatile.Read(ref one.Value.Ended[(int)status])
        where count > 0
        select new Measurement<long>(count, new("tenant", one.Key), new("status", StatusClasses.Words[(int)status]));

    private IEnumerable<Measurement<long>> Tokens()
    {
        foreach (var (tenant, series) in _series)
        {
            yield return new Measurement<long>(Volatile.Read(ref series.Input), new("tenant", tenant), new("type", "input"));
            yield return new Measurement<long>(Volatile.Read(ref series.Output), new("tenant", tenant), new("type", "output"));
        }
    }

    private sealed class Series
    {
        public readonly long[] Ended = new long[StatusClasses.Words.Count];
        public long Input;
        public long Output;
    }
}
