using Gateway.Host.Admission;

namespace Gateway.Host.Cluster.Quotas;

/// <summary>The limits that gateways keep together: those of tenants, and those of models per minute.</summary>
internal static class SharedQuotas
{
    public static IEnumerable<SharedQuota> Of(TenantDirectory tenants, ModelRates models)
    {
        foreach (var tenant in tenants.All)
        {
            if (tenant.Concurrency is { } concurrency)
                yield return new SharedConcurrency($"tenant {tenant.Name} at once", concurrency);
            foreach (var rate in Of($"tenant {tenant.Name}", tenant.Rates))
                yield return rate;
        }

        foreach (var rates in models.All)
        {
            foreach (var rate in Of($"model {rates.Model}", rates))
                yield return rate;
        }
    }

    private static IEnumerable<SharedQuota> Of(string whose, MinuteRates? rates)
    {
        if (rates?.Requests is { } requests)
            yield return new SharedRate($"{whose} requests", requests);
        if (rates?.Tokens is { } tokens)
            yield return new SharedRate($"{whose} tokens", tokens);
    }
}
