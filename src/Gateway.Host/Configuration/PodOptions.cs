using Gateway.Actors.Discovery.Pods;
using Gateway.Actors.Workers;

namespace Gateway.Host.Configuration;

/// <summary>Which pods of a Kubernetes cluster are workers.</summary>
public sealed record PodOptions
{
    public bool IsEnabled { get; init; }

    /// <summary>Labels, all of which a pod must have, as <c>key=value</c>; empty for no such pods.</summary>
    public EquatableArray<string> Selector { get; init; }

    /// <summary>The same for the first half of generations.</summary>
    public EquatableArray<string> PrefillSelector { get; init; }

    /// <summary>The same for the second half of generations.</summary>
    public EquatableArray<string> DecodeSelector { get; init; }

    /// <summary>Null for all namespaces.</summary>
    public string? Namespace { get; init; }

    /// <summary>The engine's port, where a pod says no other.</summary>
    public int Port { get; init; } = 80;

    /// <summary>Null lets the gateway ask the engine for its model.</summary>
    public ModelIdSource? ModelIdFrom { get; init; }

    /// <summary>Time between two lists, and the longest that a watch may be silent.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Null for the service account of the pod the gateway runs in.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>True if it says which pods.</summary>
    public bool HasSelector => !Selector.IsEmpty || !PrefillSelector.IsEmpty || !DecodeSelector.IsEmpty;

    /// <summary>One for each role that has a selector.</summary>
    internal IEnumerable<PodDiscoverySettings> Sources()
    {
        if (!IsEnabled)
            yield break;
        foreach (var (role, labels) in new[]
                 {
                     (WorkerRole.Regular, Selector), (WorkerRole.Prefill, PrefillSelector), (WorkerRole.Decode, DecodeSelector),
                 })
        {
            if (labels.IsEmpty)
                continue;
            yield return new PodDiscoverySettings(role, string.Join(',', labels), Interval, () => KubernetesClients.Create(Kubeconfig))
            {
                Namespace = Namespace,
                Port = Port,
                ModelId = ModelIdFrom,
            };
        }
    }
}
