using Gateway.Actors.Workers;
using k8s;

namespace Gateway.Actors.Discovery.Pods;

/// <summary>Which pods are workers of one role, and where to ask for them.</summary>
/// <param name="Role">What these workers do.</param>
/// <param name="Selector">Kubernetes' label selector, such as <c>app=llama,tier=gpu</c>.</param>
/// <param name="Interval">
/// Time between two lists. Between them a watch tells of changes; whatever it loses, the next list finds. It is also the longest
/// that a list or a watch may be silent.
/// </param>
/// <param name="Connect">Makes the client. It is called where a failure is tried again, because credentials may appear late.</param>
public sealed record PodDiscoverySettings(WorkerRole Role, string Selector, TimeSpan Interval, Func<IKubernetes> Connect)
{
    /// <summary>Null looks into all namespaces.</summary>
    public string? Namespace { get; init; }

    /// <summary>The engine's port, for pods without the annotation <see cref="PodReader.PortsAnnotation"/>.</summary>
    public int Port { get; init; } = 80;

    /// <summary>Where the id of the model stands; null lets the gateway ask the engine.</summary>
    public ModelIdSource? ModelId { get; init; }

    /// <summary>Told how often pods are listed.</summary>
    public LookupCounts Lookups { get; init; } = new();

    /// <summary>Pods in one answer of the server.</summary>
    internal int PageSize { get; init; } = 500;

    /// <summary>First wait after a failure; it doubles, up to <see cref="Interval"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);
}
