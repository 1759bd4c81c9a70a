namespace Gateway.Host.Observability.Metrics;

/// <summary>Puts the metrics together.</summary>
internal static class MetricsComposition
{
    public static IServiceCollection AddMetricsExport(this IServiceCollection services)
    {
        services.AddSingleton<GatewayMeter>();
        services.AddSingleton<RequestMetrics>();
        services.AddSingleton<MetricsExport>();
        services.AddSingleton<DiscoveryLookups>();
        services.AddHostedService(static provider => provider.GetRequiredService<MetricsExport>());
        return services
            .AddMetricFamily<PolicyMetrics>()
            .AddMetricFamily<AdmissionMetrics>()
            .AddMetricFamily<TenantMetrics>()
            .AddMetricFamily<RegistryMetrics>()
            .AddMetricFamily<WorkerMetrics>()
            .AddMetricFamily<DiscoveryMetrics>()
            .AddMetricFamily<RetryMetrics>()
            .AddMetricFamily<TextMetrics>();
    }

    public static IServiceCollection AddMetricFamily<T>(this IServiceCollection services)
        where T : class, IMetricFamily =>
        services.AddSingleton<T>().AddSingleton<IMetricFamily>(static provider => provider.GetRequiredService<T>());
}
