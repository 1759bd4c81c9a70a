using System.Collections.Immutable;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Discovery.Pods;

/// <summary>
/// The pods there are, as far as lists and events have told. Immutable. Events may be late, doubled or out of order: one that is older
/// than what is known changes nothing. Events that never come are made up for by the next list.
/// </summary>
internal sealed record PodSet
{
    public static PodSet Empty { get; } = new();

    public ImmutableDictionary<string, PodSighting> Pods { get; private init; } =
        ImmutableDictionary.Create<string, PodSighting>(StringComparer.Ordinal);

    /// <summary>Pods that went away since the last list, and at which version: what is older speaks of the dead.</summary>
    private ImmutableDictionary<string, ulong> Gone { get; init; } = ImmutableDictionary.Create<string, ulong>(StringComparer.Ordinal);

    /// <summary>Version of the last list.</summary>
    private ulong Floor { get; init; }

    /// <summary>The list is all there is.</summary>
    public static PodSet Listed(IEnumerable<PodSighting> pods, ulong? version) => Empty with
    {
        Pods = Empty.Pods.SetItems(pods.Select(static pod => KeyValuePair.Create(pod.Uid, pod))),
        Floor = version ?? 0,
    };

    public PodSet Changed(PodSighting pod) => IsLate(pod) ? this : this with { Pods = Pods.SetItem(pod.Uid, pod) };

    /// <param name="pod">As it was last, with the version of its deletion.</param>
    public PodSet Deleted(PodSighting pod) => IsLate(pod)
        ? this
        : this with
        {
            Pods = Pods.Remove(pod.Uid),
            Gone = pod.Version is { } version ? Gone.SetItem(pod.Uid, version) : Gone,
        };

    /// <summary>The workers there should be, by place.</summary>
    public IReadOnlyDictionary<string, WorkerSpec> Wanted()
    {
        var wanted = new Dictionary<string, WorkerSpec>(StringComparer.Ordinal);
        // The last one stays: an address belongs to the pod that was made last.
        foreach (var pod in Pods.Values.OrderBy(static pod => pod.Created).ThenBy(static pod => pod.Uid, StringComparer.Ordinal))
        {
            foreach (var worker in pod.Workers)
                wanted[worker.Url.Place] = worker;
        }

        return wanted;
    }

    private bool IsLate(PodSighting pod) =>
        pod.Version is { } version
        && (version < Floor
            || (Gone.TryGetValue(pod.Uid, out var gone) && version <= gone)
            || (Pods.TryGetValue(pod.Uid, out var known) && version < known.Version));
}
