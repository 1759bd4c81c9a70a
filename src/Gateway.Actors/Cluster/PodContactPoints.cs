using Gateway.Actors.Discovery.Pods;
using k8s;

namespace Gateway.Actors.Cluster;

/// <summary>
/// Finds gateways among the pods of a Kubernetes cluster, those that are not ready included: they may be waiting for each other.
/// </summary>
/// <param name="connect">Reaches the API server.</param>
/// <param name="podNamespace">Null takes that of the pod the gateway runs in.</param>
/// <param name="selector">Labels, separated by commas.</param>
/// <param name="port">The same at all of them.</param>
public sealed class PodContactPoints(Func<IKubernetes> connect, string? podNamespace, string selector, int port) : IContactPoints
{
    /// <summary>Where every pod finds the name of its namespace.</summary>
    private const string OwnNamespace = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

    public async Task<IReadOnlyList<PeerAddress>> FindAsync(CancellationToken cancellation)
    {
        var space = podNamespace ?? (await File.ReadAllTextAsync(OwnNamespace, cancellation).ConfigureAwait(false)).Trim();
        using var client = connect();
        var pods = await client.CoreV1.ListNamespacedPodAsync(space, labelSelector: selector, cancellationToken: cancellation).ConfigureAwait(false);
        return
        [
            .. pods.Items
                .Where(static pod => pod is { Metadata.DeletionTimestamp: null, Status: { Phase: "Running" or "Pending", PodIP.Length: > 0 } })
                .Select(pod => new PeerAddress(pod.Status.PodIP, port)),
        ];
    }
}
