namespace Gateway.Simulator.Engine;

/// <summary>The engines of a worker, one for each data-parallel rank.</summary>
internal sealed class EngineGroup : IDisposable
{
    private readonly SimulatedEngine[] _engines;
    private uint _turns;

    /// <param name="events">Told of what happens in the prefix caches.</param>
    public EngineGroup(SimulatorOptions options, SimulatorStats stats, KvEventLog? events = null) =>
        _engines = [.. Enumerable.Range(0, options.DataParallelSize).Select(rank => new SimulatedEngine(options, stats, rank, events))];

    /// <summary>By rank.</summary>
    public IReadOnlyList<SimulatedEngine> Ranks => _engines;

    /// <summary>The load of all together.</summary>
    public EngineLoad Load => _engines.Length == 1 ? _engines[0].Load : _engines.Aggregate(default(EngineLoad), static (sum, engine) => sum + engine.Load);

    /// <summary>The engine whose turn it is.</summary>
    public SimulatedEngine Next() => _engines.Length == 1 ? _engines[0] : _engines[(Interlocked.Increment(ref _turns) - 1) % (uint)_engines.Length];

    /// <inheritdoc cref="SimulatedEngine.SlowDown"/>
    public void SlowDown(double factor) => Array.ForEach(_engines, engine => engine.SlowDown(factor));

    /// <inheritdoc cref="SimulatedEngine.AbortByIdPrefix"/>
    public int AbortByIdPrefix(string prefix) => _engines.Sum(engine => engine.AbortByIdPrefix(prefix));

    /// <inheritdoc cref="SimulatedEngine.AbortById"/>
    public int AbortById(string id) => _engines.Sum(engine => engine.AbortById(id));

    /// <inheritdoc cref="SimulatedEngine.FlushCache"/>
    public void FlushCache() => Array.ForEach(_engines, static engine => engine.FlushCache());

    public void Dispose() => Array.ForEach(_engines, static engine => engine.Dispose());
}
