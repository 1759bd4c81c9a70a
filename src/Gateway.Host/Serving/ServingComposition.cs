using Gateway.Host.Admission;
using Gateway.Host.Api;
using Gateway.Host.Api.Texts;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;
using Gateway.Host.Dashboard;
using Gateway.Host.Listener;
using Gateway.Host.Observability;
using Gateway.Host.Observability.Metrics;
using Gateway.Host.Observability.Traces;
using Gateway.Host.Serving.Pairs;
using Gateway.Host.Serving.Retries;
using Gateway.Host.Serving.Tokens;
using Gateway.Host.Serving.Tokens.Pairs;
using Gateway.Host.Serving.Tokens.Planning;
using Gateway.Host.Serving.Tokens.Texts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Gateway.Host.Serving;

/// <summary>Puts the request path together. It needs <see cref="GatewayOptions"/> and a RegistryView among the services.</summary>
internal static class ServingComposition
{
    public static IServiceCollection AddServing(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddRoutingCore();

        services.AddSingleton<AdmissionGate>();
        services.AddSingleton<AdmissionQueue>();
        services.AddSingleton<AdmissionDesk>();
        services.AddSingleton<ModelLimits>();
        services.AddSingleton<ModelRates>();
        services.TryAddSingleton<ICapacitySource, SnapshotCapacity>();
        services.AddHostedService<CapacityFollower>();
        services.AddSingleton<TenantDirectory>();
        services.AddSingleton<ApiKeyCheck>();
        services.AddHostedService<KeysFileFollower>();
        // Before the drain, so that those who watch it are sent home after it.
        services.AddRequestRecords();
        services.AddHostedService<DrainService>();
        services.AddHostedService<MemoryReturn>();

        services.AddSingleton<RequestCorridor>();
        services.AddSingleton<RequestBodyReader>();
        services.AddSingleton<ModelLookup>();
        services.AddSingleton<AttemptLoop>();
        services.AddSingleton<WorkerPick>();
        services.AddSingleton<RouteReceipt>();
        services.AddSingleton<TimingReceipt>();
        services.AddSingleton<RouteNotes>();
        services.AddSingleton<Attempt>();
        services.AddSingleton<AttemptFailure>();
        services.AddSingleton<TokenAttempt>();
        services.AddSingleton<EmbeddingAttempt>();
        services.AddSingleton<EngineErrors>();
        services.AddSingleton<RequestPlanner>();
        services.AddTexts();
        services.AddSingleton<PairAttempt>();
        services.AddSingleton<TokenPairAttempt>();
        services.AddSingleton<HedgedAttempt>();
        services.AddSingleton<NextAttempt>();
        services.AddSingleton<RetryRules>();
        services.AddSingleton(static provider =>
        {
            var gate = provider.GetRequiredService<AdmissionGate>();
            return new RetryBudget(provider.GetRequiredService<GatewayOptions>(), provider.GetRequiredService<TimeProvider>(), () => gate.InFlight);
        });
        services.AddSingleton<UpstreamRequest>();
        services.AddSingleton<ForwardedHeaders>();
        services.AddSingleton<ResponseRelay>();
        services.AddSingleton<BrokenAnswer>();
        services.AddSingleton<ActivityTimeoutPool>();

        services.AddTextEndpoints();
        services.AddSingleton<ModelEndpoints>();
        services.AddSingleton<EngineFactsEndpoints>();
        services.AddSingleton<HealthEndpoints>();
        services.AddSingleton<RequestId>();
        services.AddSingleton<AccessLog>();
        services.AddMetricsExport();
        services.AddTraces();
        services.AddHostedService<CollectorLog>();
        services.AddSingleton<AuditLog>();

        services.AddOptions<KestrelServerOptions>().Configure<GatewayOptions>(Limit);
        services.AddOptions<HostOptions>().Configure<GatewayOptions>(static (host, options) =>
            host.ShutdownTimeout = options.Timeouts.ShutdownGrace + (2 * DrainService.LastWords));
        // The host would otherwise make an Activity, with its ids, for each request, which nobody looks at.
        services.Configure<LoggerFilterOptions>(static filter =>
            filter.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));
        return services;
    }

    public static WebApplication MapServing(this WebApplication app)
    {
        app.UseMiddleware<RequestEnvelope>();
        app.UseCors(app.Services.GetRequiredService<GatewayOptions>().Security);
        var corridor = app.Services.GetRequiredService<RequestCorridor>();
        foreach (var endpoint in ServedEndpoint.Generation)
            app.MapMethods(endpoint.Path, [HttpMethods.Post], corridor.Generation(endpoint)).WithMetadata(endpoint);
        var facts = app.Services.GetRequiredService<EngineFactsEndpoints>();
        Query(ServedEndpoint.ModelInfo, facts.ModelInfo);
        Query(ServedEndpoint.ServerInfo, facts.ServerInfo);
        var generates = ServedEndpoint.HealthGenerate;
        app.MapMethods(generates.Path, [HttpMethods.Get], corridor.Query(generates, isOpen: true)).WithMetadata(generates);

        var models = app.Services.GetRequiredService<ModelEndpoints>();
        app.MapMethods("/v1/models", [HttpMethods.Get], (RequestDelegate)models.ListAsync);
        app.MapMethods("/v1/models/{**id}", [HttpMethods.Get], (RequestDelegate)models.GetAsync);

        app.MapTextEndpoints();

        var health = app.Services.GetRequiredService<HealthEndpoints>();
        // Load balancers like to ask with HEAD.
        string[] probes = [HttpMethods.Get, HttpMethods.Head];
        app.MapMethods("/health", probes, (RequestDelegate)HealthEndpoints.LiveAsync);
        app.MapMethods("/liveness", probes, (RequestDelegate)HealthEndpoints.LiveAsync);
        app.MapMethods("/readiness", probes, (RequestDelegate)health.ReadyAsync);
        return app;

        void Query(ServedEndpoint endpoint, Func<RequestDelegate, RequestDelegate> facts) =>
            app.MapMethods(endpoint.Path, [HttpMethods.Get], facts(corridor.Query(endpoint, isOpen: false))).WithMetadata(endpoint);
    }

    private static void Limit(KestrelServerOptions kestrel, GatewayOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = StrictContentLength.Select!;
        // The corridor has its own limit, and answers in the API's own shape.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MaxRequestHeadersTotalSize = options.Limits.MaxHeaderSize;
    }
}
