using System.Runtime.InteropServices;
using Gateway.Actors.Routing.Prefixes;
using Gateway.Wire.Common;

namespace Gateway.Actors.Workers.KvEvents;

/// <summary>
/// Puts one rank's KV events into the words of the index: an engine names a block by a hash of its own, the index by its tokens and all those
/// before. For that it keeps what each of the engine's blocks stands for, and forgets it with the block.
/// </summary>
/// <param name="sink">The index.</param>
/// <param name="worker">Whose blocks they are.</param>
internal sealed class KvBlockBook(IKvEventSink sink, Worker worker)
{
    /// <summary>Smaller blocks are told to the index only where so many tokens end: SGLang's may be of one token, for each of which there would be an entry.</summary>
    public const int LeastTokens = 16;

    /// <summary>About 40 MB. An engine with more blocks than that is known in part.</summary>
    private const int MostBlocks = 1 << 20;

    private readonly Dictionary<long, Block> _blocks = [];
    private readonly List<ulong> _told = [];
    private bool _hasSpoken;

    public Worker Worker => worker;

    public void Apply(KvCacheEvent change)
    {
        _hasSpoken = true;
        switch (change.DataCase)
        {
            case KvCacheEvent.DataOneofCase.Stored:
                Store(change.Stored);
                break;
            case KvCacheEvent.DataOneofCase.Removed:
                Remove(change.Removed);
                break;
            case KvCacheEvent.DataOneofCase.Cleared:
                _blocks.Clear();
                sink.AllBlocksCleared(worker);
                break;
            default:
                break;
        }
    }

    /// <summary>Forgets all; the index is told that nothing is known of this worker.</summary>
    public void BeginAnew()
    {
        _blocks.Clear();
        if (_hasSpoken)
            sink.FeedLost(worker);
        _hasSpoken = false;
    }

    public void IsAlive()
    {
        _hasSpoken = true;
        sink.FeedIsAlive(worker);
    }

    /// <summary>The blocks of an event follow one on the other. What continues an unknown block cannot be placed.</summary>
    private void Store(KvBlocksStored stored)
    {
        var before = new Block(TokenBlockHasher.Root, 0, 0);
        if (stored.HasParentBlockHash && !_blocks.TryGetValue(stored.ParentBlockHash, out before))
            return;
        _told.Clear();
        var grain = 0;
        foreach (var block in stored.Blocks)
        {
            // A block of an adapter is of no use to others, one in a lower tier is not in the cache, and a part of a block is not shared.
            var isUsable = !block.HasLoraId && block.CacheLevel == 0 && block.TokenIds.Count > 0 && block.TokenIds.Count == block.BlockSize;
            if (!isUsable || _blocks.Count >= MostBlocks)
                break;
            grain = GrainOf(block.BlockSize);
            before = Follow(before, block, grain);
            _blocks[block.BlockHash] = before;
            if (before.Tokens % grain == 0)
                _told.Add(before.Hash);
        }

        if (_told.Count > 0)
            sink.BlocksStored(worker, CollectionsMarshal.AsSpan(_told), grain);
        else
            sink.FeedIsAlive(worker);
    }

    private void Remove(KvBlocksRemoved removed)
    {
        if (removed.CacheLevel > 0)
            return;
        _told.Clear();
        foreach (var hash in removed.BlockHashes)
        {
            if (_blocks.Remove(hash, out var block) && block.Tokens % block.Grain == 0)
                _told.Add(block.Hash);
        }

        sink.BlocksRemoved(worker, CollectionsMarshal.AsSpan(_told));
    }

    private static Block Follow(Block before, KvBlock block, int grain)
    {
        var hash = before.Hash;
        foreach (var token in block.TokenIds)
            hash = TokenBlockHasher.Next(hash, token);
        return new Block(hash, before.Tokens + block.BlockSize, grain);
    }

    private static int GrainOf(int blockSize) => (LeastTokens + blockSize - 1) / blockSize * blockSize;

    /// <param name="Hash">Of all tokens up to its end.</param>
    /// <param name="Tokens">How many these are.</param>
    /// <param name="Grain">After how many tokens the index is told.</param>
    private readonly record struct Block(ulong Hash, int Tokens, int Grain);
}
