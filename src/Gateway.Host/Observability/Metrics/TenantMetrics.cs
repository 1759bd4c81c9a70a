using System.Diagnostics.Metrics;
using Gateway.Host.Admission;

namespace Gateway.Host.Observability.Metrics;

/// <summary>What tenants have of their limits. In a cluster a gateway's limit is its share of what all of them have together.</summary>
internal sealed class TenantMetrics(TenantDirectory tenants) : IMetricFamily
{
    public void Register(GatewayMeter meter)
    {
        meter.Gauge("gateway.tenant.requests.running", "{request}", "Requests of a tenant that have their places.", () => Concurrency(static limit => limit.Running));
        meter.Gauge("gateway.tenant.requests.limit", "{request}", "Places of a tenant at this gateway.", () => Concurrency(static limit => limit.Limit));
        meter.Gauge("gateway.tenant.rate.remaining", "{unit}", "What a tenant may still have this minute at this gateway.", Remaining);
    }

    private IEnumerable<Measurement<int>> Concurrency(Func<ConcurrencyLimit, int> read)
    {
        foreach (var tenant in tenants.All)
        {
            if (tenant.Concurrency is { } limit)
                yield return new Measurement<int>(read(limit), new KeyValuePair<string, object?>("tenant", tenant.Name));
        }
    }

    private IEnumerable<Measurement<long>> Remaining()
    {
        foreach (var tenant in tenants.All)
        {
            if (tenant.Rates?.Requests is { } requests)
                yield return new Measurement<long>(requests.Remaining, new("tenant", tenant.Name), new("of", "requests"));
            if (tenant.Rates?.Tokens is { } tokens)
                yield return new Measurement<long>(tokens.Remaining, new("tenant", tenant.Name), new("of", "tokens"));
        }
    }
}
