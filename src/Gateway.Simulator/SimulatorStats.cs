using System.Collections.Concurrent;

namespace Gateway.Simulator;

/// <summary>
/// What a worker has done since it was made. Totals go on through crashes, so that a test can look back over them;
/// what describes running work falls to zero with it.
/// At rest, <see cref="Started"/> = <see cref="Finished"/> + <see cref="Aborted"/> + <see cref="Failed"/>.
/// </summary>
public sealed class SimulatorStats
{
    private readonly ConcurrentDictionary<string, long> _requestsByPath = new();
    private long _started;
    private long _finished;
    private long _aborted;
    private long _failed;
    private long _promptTokens;
    private long _cachedTokens;
    private long _completionTokens;
    private long _faultsInjected;
    private int _running;
    private int _waiting;
    private int _kvUsedTokens;
    private int _maxBatchSeen;

    /// <summary>Generations that the engine took in; a request with several choices is one.</summary>
    public long Started => Volatile.Read(ref _started);

    /// <summary>Generations that came to their own end.</summary>
    public long Finished => Volatile.Read(ref _finished);

    /// <summary>Generations ended early by the client: it left, or asked for it.</summary>
    public long Aborted => Volatile.Read(ref _aborted);

    /// <summary>Generations lost to a crash or a fault.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Sequences in the batch.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Sequences that wait for a slot or for KV space.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Prompt tokens of the generations that were admitted to the batch.</summary>
    public long PromptTokens => Volatile.Read(ref _promptTokens);

    /// <summary>How many of <see cref="PromptTokens"/> were found in the prefix cache.</summary>
    public long CachedTokens => Volatile.Read(ref _cachedTokens);

    /// <summary>Tokens generated.</summary>
    public long CompletionTokens => Volatile.Read(ref _completionTokens);

    /// <summary>KV space reserved by running sequences.</summary>
    public int KvUsedTokens => Volatile.Read(ref _kvUsedTokens);

    /// <summary>Most sequences that were in the batch at one time.</summary>
    public int MaxBatchSeen => Volatile.Read(ref _maxBatchSeen);

    /// <summary>Requests that a fault rule was applied to.</summary>
    public long FaultsInjected => Volatile.Read(ref _faultsInjected);

    /// <summary>Requests received, by path, whatever came of them.</summary>
    public IReadOnlyDictionary<string, long> RequestsByPath => new SortedDictionary<string, long>(_requestsByPath, StringComparer.Ordinal);

    internal void CountRequest(string path) => _requestsByPath.AddOrUpdate(path, 1, static (_, count) => count + 1);

    internal void CountFault() => Interlocked.Increment(ref _faultsInjected);

    internal void CountStart() => Interlocked.Increment(ref _started);

    internal void CountAdmission(int promptTokens, int cachedTokens)
    {
        Interlocked.Add(ref _promptTokens, promptTokens);
        Interlocked.Add(ref _cachedTokens, cachedTokens);
    }

    internal void CountTokens(int tokens) => Interlocked.Add(ref _completionTokens, tokens);

    internal void CountEnd(GenerationEnd end)
    {
        ref var counter = ref _finished;
        if (end == GenerationEnd.Aborted)
            counter = ref _aborted;
        else if (end == GenerationEnd.Failed)
            counter = ref _failed;
        Interlocked.Increment(ref counter);
    }

    internal void SetLoad(int running, int waiting, int kvUsedTokens)
    {
        Volatile.Write(ref _running, running);
        Volatile.Write(ref _waiting, waiting);
        Volatile.Write(ref _kvUsedTokens, kvUsedTokens);
        if (running > _maxBatchSeen)
            Volatile.Write(ref _maxBatchSeen, running);
    }
}
