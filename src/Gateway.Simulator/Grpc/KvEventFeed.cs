using Gateway.Simulator.Engine;
using Gateway.Wire.Common;
using Grpc.Core;
using Batch = Gateway.Wire.Common.KvEventBatch;
using Noted = Gateway.Simulator.Engine.KvEventBatch;

namespace Gateway.Simulator.Grpc;

/// <summary>Sends what happens in a worker's prefix caches, for as long as somebody listens.</summary>
internal static class KvEventFeed
{
    public static async Task SendAsync(ServerCallContext call, SubscribeKvEventsRequest request, IServerStreamWriter<Batch> output)
    {
        var options = call.Exchange().Options;
        var stopping = call.Exchange().Life.Stopping;
        var log = call.Exchange().Life.KvEvents!;
        // 0 is what it says who has seen none: events from now on.
        var next = request.StartSequenceNumber == 0 ? log.Next : request.StartSequenceNumber;
        // So that a client can know from when on it listens.
        await call.WriteResponseHeadersAsync([]);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(call.CancellationToken, stopping);
        while (!stopping.IsCancellationRequested)
        {
            var batches = log.ReadFrom(next, out var more)
                ?? throw new RpcException(new Status(StatusCode.OutOfRange, $"KV events from {next} on are not here; the next is {log.Next}."));
            foreach (var batch in batches)
                await output.WriteAsync(Write(batch, options));
            next += (ulong)batches.Count;
            if (batches.Count == 0)
                await more.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            call.CancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static Batch Write(Noted noted, SimulatorOptions options)
    {
        var batch = new Batch
        {
            SequenceNumber = noted.Sequence,
            Timestamp = noted.Time.ToUnixTimeMilliseconds() / 1000.0,
        };
        if (options.DataParallelSize > 1)
            batch.DpRank = noted.Rank;
        var id = noted.FirstEventId;
        foreach (var change in noted.Changes)
            batch.Events.Add(Write(change, id++, options.KvBlockTokens));
        return batch;
    }

    private static KvCacheEvent Write(KvChange change, ulong id, int blockTokens) => change switch
    {
        KvChange.Stored stored => new KvCacheEvent { EventId = id, Stored = Write(stored, blockTokens) },
        KvChange.Removed removed => new KvCacheEvent
        {
            EventId = id,
            Removed = new KvBlocksRemoved { BlockHashes = { removed.Hashes.Select(static hash => unchecked((long)hash)) } },
        },
        _ => new KvCacheEvent { EventId = id, Cleared = new KvCacheCleared() },
    };

    private static KvBlocksStored Write(KvChange.Stored stored, int blockTokens)
    {
        var message = new KvBlocksStored();
        if (stored.Parent is { } parent)
            message.ParentBlockHash = unchecked((long)parent);
        foreach (var (hash, tokens) in stored.Blocks)
        {
            var block = new Wire.Common.KvBlock { BlockHash = unchecked((long)hash), BlockSize = blockTokens };
            block.TokenIds.AddRange(tokens.Select(static token => unchecked((uint)token)));
            message.Blocks.Add(block);
        }

        return message;
    }
}
