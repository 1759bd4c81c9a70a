using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Actors.Workers;
using k8s.Models;

namespace Gateway.Actors.Discovery.Pods;

/// <summary>Makes workers of what Kubernetes says of a pod. Labels and annotations have the names of the Shepherd Model Gateway.</summary>
internal static class PodReader
{
    /// <summary>The ports of the engines in the pod, separated by commas.</summary>
    public const string PortsAnnotation = "smg.ai/worker-ports";

    /// <summary>The port of a prefill engine's bootstrap server.</summary>
    public const string BootstrapAnnotation = "sglang.ai/bootstrap-port";

    /// <summary>The worker's label with the pod's namespace and name.</summary>
    public const string NameLabel = "smg.ai/pod-name";

    /// <summary>The worker's label with the pod's uid: what tells a pod from a later one at the same address.</summary>
    public const string UidLabel = "smg.ai/pod-uid";

    public static PodSighting Read(V1Pod pod, PodDiscoverySettings settings)
    {
        var state = StateOf(pod);
        var sighting = new PodSighting(
            pod.Metadata.Uid,
            VersionOf(pod.Metadata.ResourceVersion),
            pod.Metadata.CreationTimestamp ?? default,
            state,
            []);
        if (state != PodState.Ready)
            return sighting;
        try
        {
            return sighting with { Workers = [.. WorkersOf(pod, settings)] };
        }
        catch (FormatException failure)
        {
            return sighting with { Problem = $"pod {NameOf(pod)} is left out: {failure.Message}" };
        }
    }

    public static ulong? VersionOf(string? text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;

    private static PodState StateOf(V1Pod pod)
    {
        if (pod.Metadata.DeletionTimestamp is not null || pod.Status?.Phase is "Failed" or "Succeeded")
            return PodState.Leaving;
        return pod.Status is { Phase: "Running", PodIP.Length: > 0, Conditions: { } conditions }
            && conditions.Any(static condition => condition is { Type: "Ready", Status: "True" })
                ? PodState.Ready
                : PodState.NotReady;
    }

    private static IEnumerable<WorkerSpec> WorkersOf(V1Pod pod, PodDiscoverySettings settings)
    {
        var address = IPAddress.TryParse(pod.Status.PodIP, out var ip)
            ? ip.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{ip}]" : ip.ToString()
            : throw new FormatException($"its address '{pod.Status.PodIP}' is none");
        var bootstrap = settings.Role == WorkerRole.Prefill && AnnotationOf(pod, BootstrapAnnotation) is { } port
            ? ReadPort(BootstrapAnnotation, port)
            : (int?)null;
        var labels = new Labels(
        [
            new(NameLabel, NameOf(pod)),
            new(UidLabel, pod.Metadata.Uid),
        ]);
        EquatableArray<ModelCard> models = ModelOf(pod, settings.ModelId) is { } model ? [new ModelCard(model)] : [];
        foreach (var engine in PortsOf(pod, settings.Port))
        {
            yield return new WorkerSpec
            {
                // Without a scheme: the worker's actor finds out whether the engine speaks HTTP or gRPC.
                Url = WorkerUrl.Parse(string.Create(CultureInfo.InvariantCulture, $"{address}:{engine}")),
                Role = settings.Role,
                Models = models,
                Labels = labels,
                BootstrapPort = bootstrap,
            };
        }
    }

    private static IEnumerable<int> PortsOf(V1Pod pod, int otherwise) => AnnotationOf(pod, PortsAnnotation) is { } list
        ? list.Split(',', StringSplitOptions.TrimEntries).Select(static word => ReadPort(PortsAnnotation, word)).Distinct()
        : [otherwise];

    private static string? ModelOf(V1Pod pod, ModelIdSource? source) => source switch
    {
        null => null,
        { Place: ModelIdPlace.Namespace } => pod.Metadata.NamespaceProperty,
        { Place: ModelIdPlace.Label, Key: var key } => Find(pod.Metadata.Labels, key) ?? throw new FormatException($"it has no label {key}"),
        { Key: var key } => AnnotationOf(pod, key) ?? throw new FormatException($"it has no annotation {key}"),
    };

    private static string? AnnotationOf(V1Pod pod, string key) => Find(pod.Metadata.Annotations, key);

    private static string? Find(IDictionary<string, string>? pairs, string key) =>
        pairs is not null && pairs.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    private static int ReadPort(string annotation, string word) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= IPEndPoint.MaxPort
            ? port
            : throw new FormatException($"its annotation {annotation} has '{word}' where a port should stand");

    private static string NameOf(V1Pod pod) => $"{pod.Metadata.NamespaceProperty}/{pod.Metadata.Name}";
}
