using System.Collections.Frozen;
using Gateway.Actors.Workers;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>
/// What .NET has for reading: a frozen dictionary in a volatile field, the worker arrays shared. Each mutation builds it anew, over
/// all models, which is why a registry cannot be made of it; it is here as the mark for reading.
/// </summary>
internal sealed class FrozenDictionaryStore(IReadOnlyDictionary<string, Worker[]> models) : IRivalStore
{
    private readonly Dictionary<string, Worker[]> _source = new(models, StringComparer.Ordinal);
    private volatile FrozenDictionary<string, Worker[]> _models = models.ToFrozenDictionary(StringComparer.Ordinal);

    public Worker[] Find(ReadOnlySpan<char> name) =>
        _models.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var workers) ? workers : [];

    public void Replace(string model, Worker worker)
    {
        _source[model] = [.. _source[model].AsSpan(1), worker];
        _models = _source.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
