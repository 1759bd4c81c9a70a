using Gateway.Host.Configuration;
using Gateway.Host.Dashboard.Page;
using Gateway.Host.Dashboard.Requests;
using Gateway.Host.Dashboard.Traffic;
using Gateway.Host.Dashboard.Watching;

namespace Gateway.Host.Dashboard;

/// <summary>Puts the dashboard together. Its page is for everybody and holds nothing; what it shows comes from the control plane.</summary>
internal static class DashboardComposition
{
    /// <summary>What the request path writes into.</summary>
    public static IServiceCollection AddRequestRecords(this IServiceCollection services)
    {
        services.AddSingleton<RequestRing>();
        services.AddSingleton<TrafficCounts>();
        services.AddSingleton<WeighingBudget>();
        services.AddSingleton<RequestRecorder>();
        services.AddSingleton<Watchers>();
        services.AddHostedService(static provider => provider.GetRequiredService<Watchers>());
        services.AddSingleton<TrafficHistory>();
        services.AddHostedService(static provider => provider.GetRequiredService<TrafficHistory>());
        return services;
    }

    public static IServiceCollection AddDashboard(this IServiceCollection services) => services.AddSingleton<DashboardEvents>();

    /// <summary>Maps the page; the events are mapped with the control plane.</summary>
    public static void MapDashboard(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<GatewayOptions>().Security.HasDashboard)
            return;
        app.MapMethods(PageEndpoint.Path, [HttpMethods.Get], (RequestDelegate)PageEndpoint.GetPageAsync);
        app.MapMethods(PageEndpoint.FilePath, [HttpMethods.Get], (RequestDelegate)PageEndpoint.GetFileAsync);
    }
}
