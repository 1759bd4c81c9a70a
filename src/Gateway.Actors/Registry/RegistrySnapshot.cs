using System.Collections.Immutable;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>
/// Everything the gateway knew of its fleet at one version: the models for the request path,
/// and every worker of any state for the admin side. Immutable.
/// </summary>
public sealed class RegistrySnapshot
{
    internal RegistrySnapshot(
        long version,
        ModelTable table,
        ModelSnapshot? wildcard,
        ImmutableSortedDictionary<string, ModelSnapshot> models,
        ImmutableDictionary<WorkerId, WorkerEntry> workers,
        PolicyOverrides? policies = null)
    {
        Version = version;
        Table = table;
        Wildcard = wildcard;
        Models = models;
        Workers = workers;
        Policies = policies ?? PolicyOverrides.None;
    }

    public static RegistrySnapshot Empty { get; } = new(
        0,
        ModelTable.Empty,
        null,
        ImmutableSortedDictionary.Create<string, ModelSnapshot>(StringComparer.Ordinal),
        ImmutableDictionary<WorkerId, WorkerEntry>.Empty);

    /// <summary>Grows by at least one with every publication.</summary>
    public long Version { get; }

    /// <summary>Models by canonical id, without aliases and wildcards.</summary>
    public ImmutableSortedDictionary<string, ModelSnapshot> Models { get; }

    public ImmutableDictionary<WorkerId, WorkerEntry> Workers { get; }

    /// <summary>The policies that operators have chosen at run time.</summary>
    public PolicyOverrides Policies { get; }

    /// <summary>The workers that serve any model; null if there are none.</summary>
    public ModelSnapshot? Wildcard { get; }

    internal ModelTable Table { get; }

    /// <summary>A registered worker or a rank that one is served by; null if there is none of this id.</summary>
    public WorkerEntry? Find(WorkerId id) =>
        Workers.GetValueOrDefault(id)
        ?? Workers.Values.SelectMany(static entry => entry.WithRanks()).FirstOrDefault(entry => entry.Worker.Id == id);

    /// <summary>
    /// The model of this name or alias; failing that, the workers that serve any model; failing that, null.
    /// Allocates nothing.
    /// </summary>
    /// <param name="nameUtf8">The request's <c>model</c>, unescaped.</param>
    public ModelSnapshot? FindModel(ReadOnlySpan<byte> nameUtf8) => Table.Find(nameUtf8) ?? Wildcard;
}
