using System.Diagnostics;
using Gateway.Simulator.Grpc.SgLang;
using Gateway.Simulator.Grpc.Vllm;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Simulator.Grpc;

/// <summary>
/// .NET's gRPC server without a host around it: the services of one runtime. They know nothing but the call, so that one of each serves all workers.
/// </summary>
internal sealed class GrpcApplication
{
    private static readonly Lazy<GrpcApplication> _sgLang = new(static () => Create<SgLangService>());
    private static readonly Lazy<GrpcApplication> _vllm = new(static () => Create<VllmService>());

    private readonly IServiceProvider _services;
    private readonly RequestDelegate _pipeline;

    private GrpcApplication(IServiceProvider services, RequestDelegate pipeline)
    {
        _services = services;
        _pipeline = pipeline;
    }

    public static GrpcApplication For(SimulatedRuntime runtime) => runtime == SimulatedRuntime.Vllm ? _vllm.Value : _sgLang.Value;

    public Task HandleAsync(HttpContext context)
    {
        context.RequestServices = _services;
        return _pipeline(context);
    }

    private static GrpcApplication Create<TService>()
        where TService : class
    {
        var services = new ServiceCollection();
        var diagnostics = new DiagnosticListener("Gateway.Simulator");
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<DiagnosticSource>(diagnostics);
        services.AddSingleton(diagnostics);
        services.AddRouting();
        services.AddSingleton<TService>();
        services.AddSingleton<HealthService>();
        services.AddSingleton<CallInterceptor>();
        services.AddGrpc(static options =>
        {
            // A prompt of a million tokens has several megabytes.
            options.MaxReceiveMessageSize = null;
            options.Interceptors.Add<CallInterceptor>();
        });
        var provider = services.BuildServiceProvider();
        var application = new ApplicationBuilder(provider);
        application.UseRouting();
        application.UseEndpoints(static endpoints =>
        {
            endpoints.MapGrpcService<TService>();
            endpoints.MapGrpcService<HealthService>();
        });
        return new GrpcApplication(provider, application.Build());
    }
}
