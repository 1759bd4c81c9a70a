using System.Collections.Concurrent;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator;

/// <summary>
/// What a worker has done since it was made. Totals go on through crashes, so that a test can look back over them;
/// what describes running work falls to zero with it.
/// At rest, <see cref="Started"/> = <see cref="Finished"/> + <see cref="Aborted"/> + <see cref="Failed"/>.
/// </summary>
public sealed class SimulatorStats
{
    private const int NoRank = -1;

    private readonly ConcurrentDictionary<string, long> _requestsByPath = new();
    private readonly RankCounters[] _ranks;
    private long _started;
    private long _finished;
    private long _aborted;
    private long _failed;
    private long _promptTokens;
    private long _cachedTokens;
    private long _completionTokens;
    private long _faultsInjected;
    private long _roomsHandedOver;
    private long _roomsAbandoned;
    private int _roomsOpen;
    private int _lastPrefillRank = NoRank;

    /// <param name="ranks">Data-parallel ranks of the worker.</param>
    internal SimulatorStats(int ranks = 1) => _ranks = [.. Enumerable.Range(0, ranks).Select(static _ => new RankCounters())];

    /// <summary>Generations that the engine took in; a request with several choices is one.</summary>
    public long Started => Volatile.Read(ref _started);

    /// <summary>Generations that came to their own end.</summary>
    public long Finished => Volatile.Read(ref _finished);

    /// <summary>Generations ended early by the client: it left, or asked for it.</summary>
    public long Aborted => Volatile.Read(ref _aborted);

    /// <summary>Generations lost to a crash or a fault.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Sequences in the batch.</summary>
    public int Running => _ranks.Sum(static rank => Volatile.Read(ref rank.Running));

    /// <summary>Sequences that wait for a slot, for KV space, or for keys and values from a prefill worker.</summary>
    public int Waiting => _ranks.Sum(static rank => Volatile.Read(ref rank.Waiting));

    /// <summary>Prompt tokens of the generations that were admitted to the batch.</summary>
    public long PromptTokens => Volatile.Read(ref _promptTokens);

    /// <summary>How many of <see cref="PromptTokens"/> were found in the prefix cache.</summary>
    public long CachedTokens => Volatile.Read(ref _cachedTokens);

    /// <summary>Tokens generated.</summary>
    public long CompletionTokens => Volatile.Read(ref _completionTokens);

    /// <summary>KV space reserved by running sequences.</summary>
    public int KvUsedTokens => _ranks.Sum(static rank => Volatile.Read(ref rank.KvUsedTokens));

    /// <summary>Most sequences that were in the batch of a rank at one time.</summary>
    public int MaxBatchSeen => _ranks.Max(static rank => Volatile.Read(ref rank.MaxBatchSeen));

    /// <summary>Generations that each data-parallel rank took in; a request with several prompts is one for each.</summary>
    public IReadOnlyList<long> RequestsByRank => [.. _ranks.Select(static rank => Volatile.Read(ref rank.Started))];

    /// <summary>
    /// Rooms in which one side of a disaggregated pair waits for the other: a prefill worker's until their keys and values are
    /// fetched, a decode worker's until they have come. Zero in the regular role.
    /// </summary>
    public int RoomsOpen => Volatile.Read(ref _roomsOpen);

    /// <summary>Rooms whose keys and values went from prefill to decode.</summary>
    public long RoomsHandedOver => Volatile.Read(ref _roomsHandedOver);

    /// <summary>Rooms that were given up before: by the client, by a fault or crash, or because the other side did not come in time.</summary>
    public long RoomsAbandoned => Volatile.Read(ref _roomsAbandoned);

    /// <summary>What the last request that had one said in <c>disagg_prefill_dp_rank</c>; null if none had.</summary>
    public int? LastDisaggPrefillDpRank => Volatile.Read(ref _lastPrefillRank) is var rank && rank == NoRank ? null : rank;

    /// <summary>Requests that a fault rule was applied to.</summary>
    public long FaultsInjected => Volatile.Read(ref _faultsInjected);

    /// <summary>Requests received, by path, whatever came of them.</summary>
    public IReadOnlyDictionary<string, long> RequestsByPath => new SortedDictionary<string, long>(_requestsByPath, StringComparer.Ordinal);

    internal void CountRequest(string path) => _requestsByPath.AddOrUpdate(path, 1, static (_, count) => count + 1);

    internal void CountFault() => Interlocked.Increment(ref _faultsInjected);

    internal void CountStart() => Interlocked.Increment(ref _started);

    internal void CountStart(int rank, GenerationPart part)
    {
        CountStart();
        Interlocked.Increment(ref _ranks[rank].Started);
        if (part != GenerationPart.Whole)
            Interlocked.Increment(ref _roomsOpen);
    }

    internal void CloseRoom(bool handedOver)
    {
        Interlocked.Decrement(ref _roomsOpen);
        Interlocked.Increment(ref handedOver ? ref _roomsHandedOver : ref _roomsAbandoned);
    }

    internal void NotePrefillRank(int rank) => Volatile.Write(ref _lastPrefillRank, rank);

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

    internal void SetLoad(int rank, int running, int waiting, int kvUsedTokens)
    {
        var counters = _ranks[rank];
        Volatile.Write(ref counters.Running, running);
        Volatile.Write(ref counters.Waiting, waiting);
        Volatile.Write(ref counters.KvUsedTokens, kvUsedTokens);
        if (running > counters.MaxBatchSeen)
            Volatile.Write(ref counters.MaxBatchSeen, running);
    }

    /// <summary>Of one rank; its engine alone writes them, under its lock.</summary>
    private sealed class RankCounters
    {
        public long Started;
        public int Running;
        public int Waiting;
        public int KvUsedTokens;
        public int MaxBatchSeen;
    }
}
