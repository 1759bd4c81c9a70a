using System.Collections.Immutable;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>
/// All texts that the gateway knows, and which model has which. Immutable; each change makes the next table, and only
/// <see cref="TextKeeper"/> publishes one.
/// </summary>
/// <param name="configured">What never changes.</param>
/// <param name="isFetching">True if workers are asked for what nobody has given.</param>
internal sealed class TextTable(ConfiguredTexts configured, bool isFetching)
{
    private static readonly ImmutableDictionary<string, TextEntry> NoEntries = ImmutableDictionary.Create<string, TextEntry>(StringComparer.Ordinal);

    /// <summary>By the name an operator gave them while the gateway ran.</summary>
    public ImmutableDictionary<string, TextEntry> Registered { get; private init; } = NoEntries;

    /// <summary>By the id of the model whose workers are, or were, asked for them.</summary>
    public ImmutableDictionary<string, TextEntry> Fetched { get; private init; } = NoEntries;

    /// <summary>By id, the models that token-in workers served when the fleet was last looked at.</summary>
    public ImmutableDictionary<string, ModelTextState> Models { get; private init; } =
        ImmutableDictionary.Create<string, ModelTextState>(StringComparer.Ordinal);

    public IEnumerable<TextEntry> Entries => configured.Entries.Concat(Registered.Values).Concat(Fetched.Values);

    /// <summary>How a model stands. Of one that the table has not yet, what it will have: no request may suffer from being early.</summary>
    public ModelTextState Find(ModelSnapshot model) =>
        Models.TryGetValue(model.Id, out var state) ? state : StateOf(model, EntryFor(model));

    /// <summary>The tokenizer that somebody gave just this name.</summary>
    public TextEntry? FindNamed(string name) => Registered.GetValueOrDefault(name) ?? configured.FindOwn(name);

    /// <summary>The table for a fleet. It has an entry that is <see cref="TextStatus.Loading"/> for each model whose workers must be asked.</summary>
    public TextTable For(RegistrySnapshot fleet)
    {
        var fetched = Fetched.ToBuilder();
        foreach (var (id, _) in Fetched)
        {
            if (!fleet.Models.ContainsKey(id) && !(id == ModelCard.Wildcard && fleet.Wildcard is not null))
                fetched.Remove(id);
        }

        var models = Models.ToBuilder();
        foreach (var (id, _) in Models)
        {
            if (!fleet.Models.TryGetValue(id, out var model))
                model = id == ModelCard.Wildcard ? fleet.Wildcard : null;
            if (model is null || !TakesTokens(model))
                models.Remove(id);
        }

        foreach (var (_, model) in fleet.Models)
            Add(model);
        if (fleet.Wildcard is { } wildcard)
            Add(wildcard);
        return With(Registered, fetched.ToImmutable(), models.ToImmutable());

        void Add(ModelSnapshot model)
        {
            if (!TakesTokens(model))
                return;
            var entry = EntryFor(model);
            if (entry is null && isFetching)
            {
                entry = new TextEntry { Id = TextEntry.NewId(), Name = model.Id, Origin = TextOrigin.Worker, Status = TextStatus.Loading };
                fetched[model.Id] = entry;
            }

            var state = models.GetValueOrDefault(model.Id);
            if (state is null || state.Entry != entry || state.Architecture != ArchitectureOf(model))
                models[model.Id] = StateOf(model, entry);
        }
    }

    /// <summary>With this entry in the place of the one of its name and origin.</summary>
    public TextTable With(TextEntry entry, RegistrySnapshot fleet) => (entry.Origin == TextOrigin.Worker
        ? With(Registered, Fetched.SetItem(entry.Name, entry), Models)
        : With(Registered.SetItem(entry.Name, entry), Fetched, Models)).For(fleet);

    public TextTable Without(TextEntry entry, RegistrySnapshot fleet) => (entry.Origin == TextOrigin.Worker
        ? With(Registered, Fetched.Remove(entry.Name), Models)
        : With(Registered.Remove(entry.Name), Fetched, Models)).For(fleet);

    /// <summary>True for a model with a ready worker that takes tokens.</summary>
    public static bool TakesTokens(ModelSnapshot model)
    {
        foreach (var worker in model.Ready)
        {
            if (worker.Facts.Mode == ConnectionMode.Grpc)
                return true;
        }

        return false;
    }

    private TextTable With(
        ImmutableDictionary<string, TextEntry> registered, ImmutableDictionary<string, TextEntry> fetched, ImmutableDictionary<string, ModelTextState> models) =>
        new(configured, isFetching) { Registered = registered, Fetched = fetched, Models = models };

    private ModelTextState StateOf(ModelSnapshot model, TextEntry? entry)
    {
        var architecture = ArchitectureOf(model);
        return new ModelTextState(entry, architecture, entry?.Files is null ? null : configured.TextOf(entry, model.Id, architecture));
    }

    /// <summary>What was said last goes first; what workers give is for models of which nobody has said anything.</summary>
    private TextEntry? EntryFor(ModelSnapshot model)
    {
        if (!Registered.IsEmpty)
        {
            if (Registered.TryGetValue(model.Id, out var entry))
                return entry;
            foreach (var alias in model.Card.Aliases)
            {
                if (Registered.TryGetValue(alias, out entry))
                    return entry;
            }
        }

        return configured.Find(model.Id) ?? Fetched.GetValueOrDefault(model.Id);
    }

    private static string? ArchitectureOf(ModelSnapshot model)
    {
        foreach (var worker in model.Ready)
        {
            if (worker.Facts.Model is { } facts)
                return facts.Architectures.IsEmpty ? facts.ModelType : facts.Architectures[0];
        }

        return null;
    }
}
