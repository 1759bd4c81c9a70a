namespace Gateway.Host.Observability.Traces;

/// <summary>Puts the traces together.</summary>
internal static class TraceComposition
{
    public static IServiceCollection AddTraces(this IServiceCollection services)
    {
        services.AddSingleton<RequestTracer>();
        services.AddSingleton<TraceExport>();
        services.AddHostedService(static provider => provider.GetRequiredService<TraceExport>());
        return services;
    }
}
