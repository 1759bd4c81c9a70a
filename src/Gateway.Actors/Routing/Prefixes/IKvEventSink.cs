using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// Where an engine's KV-cache events go. One feed for each incarnation, its events in order; feeds of different workers may call at once.
/// </summary>
public interface IKvEventSink
{
    /// <summary>The worker has these blocks now.</summary>
    /// <param name="worker">The incarnation.</param>
    /// <param name="blocks">
    /// The engine's own hashes. Each stands for its block and all before it, as those of SGLang and vLLM do, so the hash of
    /// the parent says nothing more.
    /// </param>
    /// <param name="tokensPerBlock">The same for all events of a model.</param>
    void BlocksStored(Worker worker, ReadOnlySpan<ulong> blocks, int tokensPerBlock);

    /// <summary>The worker no longer has these blocks.</summary>
    void BlocksRemoved(Worker worker, ReadOnlySpan<ulong> blocks);

    /// <summary>The worker has no blocks any more.</summary>
    void AllBlocksCleared(Worker worker);

    /// <summary>The feed is alive and has nothing to say. Every event says so as well.</summary>
    void FeedIsAlive(Worker worker);

    /// <summary>The feed has broken off or left something out: nothing it said counts until it says more.</summary>
    void FeedLost(Worker worker);
}
