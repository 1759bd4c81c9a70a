using System.Collections.Immutable;
using Gateway.Actors.Workers;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>
/// An immutable dictionary in a volatile field, the worker arrays shared. It has no alternate lookup, so a string must be made.
/// </summary>
internal sealed class ImmutableDictionaryStore(IReadOnlyDictionary<string, Worker[]> models) : IRivalStore
{
    private volatile ImmutableDictionary<string, Worker[]> _models = models.ToImmutableDictionary(StringComparer.Ordinal);

    public Worker[] Find(string name) => _models.TryGetValue(name, out var workers) ? workers : [];

    public void Replace(string model, Worker worker)
    {
        var current = _models;
        _models = current.SetItem(model, [.. current[model].AsSpan(1), worker]);
    }
}
