using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Gateway.Actors;
using Gateway.Actors.Cluster;
using Gateway.Actors.Discovery.Pods;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;
using AkkaLogLevel = Akka.Event.LogLevel;
using ClusterOptions = Gateway.Host.Configuration.ClusterOptions;

namespace Gateway.Host.Cluster;

/// <summary>
/// One membership of this gateway in the cluster: an actor system of its own, which ends for good when the gateway leaves or has been cut
/// off. <see cref="ClusterService"/> then makes the next one.
/// </summary>
internal static class ClusterNode
{
    /// <summary>The same at all gateways, or they are strangers to each other.</summary>
    public const string SystemName = "gateways";

    /// <param name="options">Of the gateway.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="keeper">Keeps the registrations, in the gateway's own actor system.</param>
    /// <param name="topics">What gateways tell each other.</param>
    /// <param name="view">Is shown the members.</param>
    public static IHost Create(
        GatewayOptions options, ILoggerFactory loggers, IActorRef keeper, IReadOnlyList<IPeerTopic> topics, ClusterView view)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        var cluster = options.Cluster;
        var host = cluster.Host ?? OwnAddress();
        builder.Services.AddAkka(SystemName, akka => akka
            .AddHocon(GatewayHocon.LoadCluster(), HoconAddMode.Append)
            // Gossip has much to say on the lowest level, and puts it together whether it is written or not.
            .LogToHost(options.Log.Level == "debug" ? AkkaLogLevel.DebugLevel : AkkaLogLevel.InfoLevel)
            .WithRemoting(remote =>
            {
                remote.HostName = host;
                remote.PublicHostName = host;
                remote.Port = cluster.Port;
                ClusterTls.Apply(remote, cluster);
            })
            .WithClustering(new Akka.Cluster.Hosting.ClusterOptions { Roles = ["gateway"] })
            .WithActors((system, _) =>
            {
                system.ActorOf(BootstrapActor.Props(ContactPoints(cluster), cluster.EffectiveQuorum, TimeProvider.System), BootstrapActor.Name);
                system.ActorOf(PeersActor.Props(topics, view), PeersActor.Name);
                system.ActorOf(RegistrationReplicaActor.Props(keeper), "registrations");
            }));
        return builder.Build();
    }

    private static IContactPoints ContactPoints(ClusterOptions options) => options switch
    {
        { Peers.IsEmpty: false } => new ListedContactPoints(options.Peers),
        { DnsName: { } name } => new DnsContactPoints(name, options.Port),
        _ => new PodContactPoints(
            () => KubernetesClients.Create(options.Kubeconfig), options.Namespace, string.Join(',', options.Selector), options.Port),
    };

    /// <summary>The first address of the machine's own name that is not its loopback.</summary>
    private static string OwnAddress()
    {
        IPAddress[] addresses;
        try
        {
            addresses = Dns.GetHostAddresses(Dns.GetHostName());
        }
        catch (SocketException)
        {
            addresses = [];
        }

        return (Array.Find(addresses, static address => !IPAddress.IsLoopback(address)) ?? IPAddress.Loopback).ToString();
    }

    /// <summary>The gateway's own host listens to the process's signals.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
