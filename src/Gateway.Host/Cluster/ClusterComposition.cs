using System.Security.Cryptography;
using System.Text;
using Akka.Hosting;
using Gateway.Actors.Cluster;
using Gateway.Actors.Discovery.Leases;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing.Peers;
using Gateway.Host.Admission;
using Gateway.Host.Cluster.Quotas;
using Gateway.Host.Configuration;
using Gateway.Host.Observability.Metrics;

namespace Gateway.Host.Cluster;

/// <summary>Makes this gateway one of several, if that is asked for.</summary>
internal static class ClusterComposition
{
    public static IServiceCollection AddCluster(this IServiceCollection services, GatewayOptions options)
    {
        services.AddSingleton<ClusterView>();
        services.AddMetricFamily<ClusterMetrics>();
        if (!options.Cluster.IsEnabled)
            return services;
        services.AddSingleton(_ => new PrefixSharing(SecretOf(options.Cluster)));
        services.AddSingleton<IPeerTopic>(static provider => new LoadTopic(
            provider.GetRequiredService<RegistryView>(), new PeerLoads(provider.GetRequiredService<TimeProvider>())));
        services.AddSingleton<IPeerTopic>(static provider => new LeaseTopic(
            provider.GetRequiredService<RegistryView>(),
            provider.GetRequiredService<LeaseView>(),
            () => provider.GetRequiredService<IRequiredActor<LeaseActor>>().ActorRef));
        services.AddSingleton<IPeerTopic>(static provider => new PrefixTopic(provider.GetRequiredService<PrefixSharing>()));
        services.AddSingleton<IPeerTopic>(provider => new QuotaShares(
            [.. SharedQuotas.Of(provider.GetRequiredService<TenantDirectory>(), provider.GetRequiredService<ModelRates>())],
            options.Cluster.ExpectedPeers,
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<ClusterService>();
        return services;
    }

    /// <summary>
    /// What the gateways have in common and others need not know. Whoever knows it can make prompts that are taken for each other, and with
    /// them spoil the routing of his own requests.
    /// </summary>
    private static byte[] SecretOf(ClusterOptions options) =>
        SHA256.HashData(options.Tls.CaPath is { } path ? File.ReadAllBytes(path) : Encoding.UTF8.GetBytes("gateways without TLS"));
}
