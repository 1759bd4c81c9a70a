using Gateway.Host.Api.Admin;
using Gateway.Host.Api.Description;
using Gateway.Host.Cluster;
using Gateway.Host.Configuration;
using Gateway.Host.Dashboard;
using Gateway.Host.Listener;
using Gateway.Host.Serving;

namespace Gateway.Host.Composition;

/// <summary>Puts the gateway together: the actor system, the request path and the control plane in one web application.</summary>
public static class GatewayApplication
{
    /// <summary>Makes the application; the caller starts it. Several may live in one process.</summary>
    public static WebApplication Create(GatewayOptions options) => Create(options, TimeProvider.System);

    /// <summary>The same, with the time that requests, breakers and caches go by; actors have their scheduler.</summary>
    internal static WebApplication Create(GatewayOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.AddListener(options.Listen);
        builder.Logging.AddGatewayLog(options.Log).AddAuditLog();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(time);
        builder.Services.AddControlPath(options);
        builder.Services.AddCluster(options);
        builder.Services.AddControlPlane();
        builder.Services.AddDashboard();
        builder.Services.AddServing();
        builder.Services.AddCors(options.Security);
        builder.Services.AddHostedService<SystemdNotice>();
        var app = builder.Build();
        app.MapServing();
        app.MapControlPlane();
        app.MapDescription();
        app.MapDashboard();
        return app;
    }
}
