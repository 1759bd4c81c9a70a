using Gateway.Host.Serving.Retries;

namespace Gateway.Host.Observability.Metrics;

/// <summary>What is left of the retry budget, and what it has refused.</summary>
internal sealed class RetryMetrics(RetryBudget budget) : IMetricFamily
{
    public void Register(GatewayMeter meter)
    {
        meter.Gauge("gateway.retry.budget.used", "{attempt}", "Retries of the last 10 seconds.", () => budget.RecentRetries);
        meter.Count("gateway.retry.budget.refused", "{attempt}", "Retries that were not made for want of budget.", () => budget.Refused);
    }
}
