using Gateway.Actors.Workers;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>A dictionary of lists under one reader-writer lock; a reader copies the list inside it.</summary>
internal sealed class ReaderWriterLockStore : IRivalStore, IDisposable
{
    private readonly ReaderWriterLockSlim _lock = new();
    private readonly Dictionary<string, List<Worker>> _models = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Worker>>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public ReaderWriterLockStore(IReadOnlyDictionary<string, Worker[]> models)
    {
        foreach (var (name, workers) in models)
            _models[name] = [.. workers];
        _bySpan = _models.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public Worker[] Find(string name)
    {
        _lock.EnterReadLock();
        try
        {
            return _models.TryGetValue(name, out var workers) ? [.. workers] : [];
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public Worker[] Find(ReadOnlySpan<char> name)
    {
        _lock.EnterReadLock();
        try
        {
            return _bySpan.TryGetValue(name, out var workers) ? [.. workers] : [];
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    public void Replace(string model, Worker worker)
    {
        _lock.EnterWriteLock();
        try
        {
            var workers = _models[model];
            workers.RemoveAt(0);
            workers.Add(worker);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    public void Dispose() => _lock.Dispose();
}
