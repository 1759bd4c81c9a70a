using System.Collections.Immutable;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>
/// What the registry knows, with the indexes it needs to answer and to publish. Immutable; only <see cref="RegistryTransitions"/>
/// makes new ones. The indexes follow from the entries: see <see cref="With"/>.
/// </summary>
internal sealed record RegistryState
{
    public static RegistryState Empty { get; } = new();

    public ImmutableDictionary<WorkerId, WorkerEntry> Workers { get; private init; } =
        ImmutableDictionary<WorkerId, WorkerEntry>.Empty;

    /// <summary>Workers by <see cref="WorkerUrl.Place"/>.</summary>
    public ImmutableDictionary<string, WorkerId> ByPlace { get; private init; } =
        ImmutableDictionary.Create<string, WorkerId>(StringComparer.Ordinal);

    /// <summary>How many single ranks are registered of an engine, by <see cref="WorkerUrl.Engine"/>.</summary>
    public ImmutableDictionary<string, int> RegisteredRanks { get; private init; } =
        ImmutableDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>The workers of each model by ordinal, whatever their state; wildcard workers stand under <see cref="ModelCard.Wildcard"/>.</summary>
    public ImmutableDictionary<string, ImmutableSortedDictionary<long, WorkerId>> Members { get; private init; } =
        ImmutableDictionary.Create<string, ImmutableSortedDictionary<long, WorkerId>>(StringComparer.Ordinal);

    /// <summary>Who claims an alias, and for which model, by the worker's ordinal: the first claim holds.</summary>
    public ImmutableDictionary<string, ImmutableSortedDictionary<long, string>> AliasClaims { get; private init; } =
        ImmutableDictionary.Create<string, ImmutableSortedDictionary<long, string>>(StringComparer.Ordinal);

    public PolicyOverrides Policies { get; private init; } = PolicyOverrides.None;

    /// <summary>Models that a reader would see differently than in the last publication.</summary>
    public ImmutableHashSet<string> TouchedModels { get; private init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Aliases that may lead elsewhere than in the last publication.</summary>
    public ImmutableHashSet<string> TouchedAliases { get; private init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>True if any entry differs from the last publication.</summary>
    public bool IsDirty { get; private init; }

    public long LastEpoch { get; init; }

    public long LastOrdinal { get; init; }

    /// <summary>This state as the last publication shows it.</summary>
    public RegistryState Published() => this with
    {
        IsDirty = false,
        TouchedModels = TouchedModels.Clear(),
        TouchedAliases = TouchedAliases.Clear(),
    };

    /// <summary>Adds, changes or, with a null <paramref name="next"/>, takes away one worker, and brings the indexes up to date.</summary>
    public RegistryState With(WorkerEntry? previous, WorkerEntry? next)
    {
        var id = (next ?? previous!).Worker.Id;
        var state = this with
        {
            IsDirty = true,
            Workers = next is null ? Workers.Remove(id) : Workers.SetItem(id, next),
            ByPlace = next is null
                ? ByPlace.Remove(previous!.Worker.Spec.Url.Place)
                : ByPlace.SetItem(next.Worker.Spec.Url.Place, id),
            RegisteredRanks = previous is null ? Count(RegisteredRanks, next!.Worker.Spec.Url, 1)
                : next is null ? Count(RegisteredRanks, previous.Worker.Spec.Url, -1)
                : RegisteredRanks,
            TouchedModels = Touch(TouchedModels, previous, next),
        };
        return previous is not null && next is not null && previous.Worker.Models == next.Worker.Models
            ? state
            : state.Unlist(previous).List(next);
    }

    /// <summary>Changes the choice of policies for one model, or for all with null.</summary>
    public RegistryState With(string? model, PolicyOverrides policies) => this with
    {
        IsDirty = true,
        Policies = policies,
        TouchedModels = model is null ? TouchedModels.Union(Members.Keys)
            : Members.ContainsKey(model) ? TouchedModels.Add(model)
            : TouchedModels,
    };

    private static ImmutableDictionary<string, int> Count(ImmutableDictionary<string, int> ranks, WorkerUrl url, int change)
    {
        if (url.Rank is null)
            return ranks;
        var count = ranks.GetValueOrDefault(url.Engine) + change;
        return count == 0 ? ranks.Remove(url.Engine) : ranks.SetItem(url.Engine, count);
    }

    private static ImmutableHashSet<string> Touch(ImmutableHashSet<string> touched, WorkerEntry? previous, WorkerEntry? next)
    {
        var builder = touched.ToBuilder();
        foreach (var card in previous?.Worker.Models ?? default)
            builder.Add(card.Id);
        foreach (var card in next?.Worker.Models ?? default)
            builder.Add(card.Id);
        return builder.ToImmutable();
    }

    private RegistryState List(WorkerEntry? entry)
    {
        var state = this;
        foreach (var card in entry?.Worker.Models ?? default)
        {
            var members = state.Members.GetValueOrDefault(card.Id, ImmutableSortedDictionary<long, WorkerId>.Empty);
            state = state with { Members = state.Members.SetItem(card.Id, members.SetItem(entry!.Ordinal, entry.Worker.Id)) };
            foreach (var alias in card.Aliases)
            {
                var claims = state.AliasClaims.GetValueOrDefault(alias, ImmutableSortedDictionary<long, string>.Empty);
                if (claims.ContainsKey(entry.Ordinal))
                    continue;
                state = state with
                {
                    AliasClaims = state.AliasClaims.SetItem(alias, claims.Add(entry.Ordinal, card.Id)),
                    TouchedAliases = state.TouchedAliases.Add(alias),
                };
            }
        }

        return state;
    }

    private RegistryState Unlist(WorkerEntry? entry)
    {
        var state = this;
        foreach (var card in entry?.Worker.Models ?? default)
        {
            state = state with { Members = Without(state.Members, card.Id, entry!.Ordinal) };
            foreach (var alias in card.Aliases)
            {
                state = state with
                {
                    AliasClaims = Without(state.AliasClaims, alias, entry.Ordinal),
                    TouchedAliases = state.TouchedAliases.Add(alias),
                };
            }
        }

        return state;
    }

    private static ImmutableDictionary<string, ImmutableSortedDictionary<long, T>> Without<T>(
        ImmutableDictionary<string, ImmutableSortedDictionary<long, T>> index, string key, long ordinal)
    {
        if (!index.TryGetValue(key, out var values))
            return index;
        values = values.Remove(ordinal);
        return values.IsEmpty ? index.Remove(key) : index.SetItem(key, values);
    }
}
