using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>
/// Makes the next snapshot out of the last one and the registry's state. Only touched models are built anew, so a publication costs
/// what has changed since the last one. A change to a wildcard worker touches every model, since it serves them all.
/// </summary>
/// <param name="policies">Gives each model its policies.</param>
/// <param name="servesTokenIn">See <see cref="RegistrySettings.ServesTokenIn"/>.</param>
internal sealed class SnapshotBuilder(PolicyAssignment policies, bool servesTokenIn)
{
    public RegistrySnapshot Build(RegistrySnapshot last, RegistryState state)
    {
        var version = last.Version + 1;
        var wildcard = last.Wildcard;
        IEnumerable<string> touched = state.TouchedModels;
        if (state.TouchedModels.Contains(ModelCard.Wildcard))
        {
            wildcard = BuildModel(ModelCard.Wildcard, last.Wildcard, version, state);
            touched = state.Members.Keys.Union(state.TouchedModels, StringComparer.Ordinal);
        }

        var models = last.Models.ToBuilder();
        var names = new Dictionary<string, ModelSnapshot?>(StringComparer.Ordinal);
        var aliases = new HashSet<string>(state.TouchedAliases, StringComparer.Ordinal);
        foreach (var id in touched)
        {
            if (id == ModelCard.Wildcard)
                continue;
            var model = BuildModel(id, last.Models.GetValueOrDefault(id), version, state);
            if (model is null)
                models.Remove(id);
            else
                models[id] = model;
            names[id] = model;
            aliases.UnionWith(model?.Card.Aliases ?? default);
            // Taking a model away may uncover an alias of the same name.
            aliases.Add(id);
        }

        foreach (var alias in aliases)
        {
            if (!models.ContainsKey(alias))
                names[alias] = ClaimedModel(alias, state) is { } id ? models.GetValueOrDefault(id) : null;
        }

        return new RegistrySnapshot(version, last.Table.With(names), wildcard, models.ToImmutable(), state.Workers, state.Policies);
    }

    private static string? ClaimedModel(string alias, RegistryState state) =>
        state.AliasClaims.TryGetValue(alias, out var claims) ? claims.First().Value : null;

    private ModelSnapshot? BuildModel(string id, ModelSnapshot? last, long version, RegistryState state)
    {
        if (!state.Members.TryGetValue(id, out var members))
        {
            PolicyAssignment.Retire(last?.Policies);
            return null;
        }

        var ready = new List<WorkerEntry>(members.Count);
        var aliases = new SortedSet<string>(StringComparer.Ordinal);
        int? maxModelLength = null;
        foreach (var (_, workerId) in members)
        {
            var entry = state.Workers[workerId];
            if (entry.State == WorkerState.Ready)
                ready.Add(entry);
            var card = CardOf(entry, id);
            aliases.UnionWith(card.Aliases);
            maxModelLength ??= card.MaxModelLength;
        }

        if (id != ModelCard.Wildcard && state.Members.TryGetValue(ModelCard.Wildcard, out var wildcards))
            AddWildcards(ready, members.ContainsKey, wildcards, state);
        Worker[] workers = [.. ready.SelectMany(static entry => entry.Routable)];
        var model = new ModelSnapshot(
            new ModelCard(id, [.. aliases], maxModelLength), version, policies.Assign(id, last?.Policies, state), workers, servesTokenIn);
        foreach (var role in ModelPolicies.Roles)
            model.Policies.OwnFor(role)?.Policy.WorkersChanged(model.WorkersFor(role));
        return model;
    }

    private static void AddWildcards(
        List<WorkerEntry> ready,
        Predicate<long> isMember,
        IEnumerable<KeyValuePair<long, WorkerId>> wildcards,
        RegistryState state)
    {
        foreach (var (ordinal, workerId) in wildcards)
        {
            if (!isMember(ordinal) && state.Workers[workerId] is { State: WorkerState.Ready } entry)
                ready.Add(entry);
        }

        ready.Sort(static (left, right) => left.Ordinal.CompareTo(right.Ordinal));
    }

    private static ModelCard CardOf(WorkerEntry entry, string id)
    {
        foreach (var card in entry.Worker.Models)
        {
            if (card.Id == id)
                return card;
        }

        throw new InvalidOperationException($"{entry.Worker} is listed under '{id}', which it does not serve.");
    }
}
