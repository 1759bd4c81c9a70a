using System.Net;
using Akka.Actor;
using Akka.Configuration;
using Akka.Discovery;
using Gateway.Actors.Discovery.Pods;
using k8s;

namespace Gateway.Host.Cluster;

/// <summary>
/// Finds gateways among the pods of a Kubernetes cluster, those that are not ready included: they are not ready before they have met.
/// Made by Akka, from its configuration.
/// </summary>
internal sealed class PodContactPoints(ExtendedActorSystem system, Config config) : ServiceDiscovery
{
    /// <summary>Where every pod finds the name of its namespace.</summary>
    private const string OwnNamespace = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

    private readonly string _selector = config.GetString("selector");
    private readonly string _namespace = config.GetString("namespace");
    private readonly string _kubeconfig = config.GetString("kubeconfig");
    private readonly int _port = config.GetInt("port");

    public ExtendedActorSystem System { get; } = system;

    public override async Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout)
    {
        using var limit = new CancellationTokenSource(resolveTimeout);
        using var client = KubernetesClients.Create(_kubeconfig.Length > 0 ? _kubeconfig : null);
        var space = _namespace.Length > 0 ? _namespace : (await File.ReadAllTextAsync(OwnNamespace, limit.Token).ConfigureAwait(false)).Trim();
        var pods = await client.CoreV1.ListNamespacedPodAsync(space, labelSelector: _selector, cancellationToken: limit.Token).ConfigureAwait(false);
        return new Resolved(
            lookup.ServiceName,
            [.. pods.Items
                .Where(static pod => pod is { Metadata.DeletionTimestamp: null, Status: { Phase: "Running" or "Pending", PodIP.Length: > 0 } })
                .Select(pod => new ResolvedTarget(pod.Status.PodIP, _port, IPAddress.TryParse(pod.Status.PodIP, out var address) ? address : null))]);
    }
}
