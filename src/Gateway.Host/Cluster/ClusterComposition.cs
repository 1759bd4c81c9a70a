using Gateway.Actors.Cluster;
using Gateway.Host.Configuration;

namespace Gateway.Host.Cluster;

/// <summary>Makes this gateway one of several, if that is asked for.</summary>
internal static class ClusterComposition
{
    public static IServiceCollection AddCluster(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton<ClusterView>();
        if (options.Cluster.IsEnabled)
            services.AddHostedService<ClusterService>();
        return services;
    }
}
