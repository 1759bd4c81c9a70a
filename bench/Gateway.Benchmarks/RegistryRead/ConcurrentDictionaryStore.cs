using System.Collections.Concurrent;
using Gateway.Actors.Workers;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>A concurrent dictionary of lists; a reader locks the list for as long as it copies it.</summary>
internal sealed class ConcurrentDictionaryStore : IRivalStore
{
    private readonly ConcurrentDictionary<string, List<Worker>> _models = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, List<Worker>>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public ConcurrentDictionaryStore(IReadOnlyDictionary<string, Worker[]> models)
    {
        foreach (var (name, workers) in models)
            _models[name] = [.. workers];
        _bySpan = _models.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public Worker[] Find(string name) => _models.TryGetValue(name, out var workers) ? Copy(workers) : [];

    public Worker[] Find(ReadOnlySpan<char> name) => _bySpan.TryGetValue(name, out var workers) ? Copy(workers) : [];

    public void Replace(string model, Worker worker)
    {
        var workers = _models[model];
        lock (workers)
        {
            workers.RemoveAt(0);
            workers.Add(worker);
        }
    }

    private static Worker[] Copy(List<Worker> workers)
    {
        lock (workers)
            return [.. workers];
    }
}
