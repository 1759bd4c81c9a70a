using System.Threading.Channels;
using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;
using Gateway.Actors.Workers.KvEvents;
using Gateway.Wire.Common;

namespace Gateway.Actors.Tests.Workers.KvEvents;

/// <summary>One feed, with an engine whose streams the test writes.</summary>
public sealed class KvEventSubscriptionTests
{
    private readonly StreamingClient _client = new();
    private readonly Worker _worker = Make.Worker();
    private readonly KvBlockIndex _index = new(new PrefixTable(1 << 20), TokenBlockHasher.Instance, TimeSpan.FromSeconds(30), TimeProvider.System);

    [Fact]
    public async Task After_a_gap_nothing_old_counts_and_the_feed_begins_anew()
    {
        using var stopping = new CancellationTokenSource();
        var running = Run(stopping.Token);
        var first = await _client.SubscribedAsync();
        Assert.False(_index.SpeaksFor(_worker));
        await first.WriteAsync(Batch(5, Stored(1)));
        await Eventually.HoldsAsync(() => Assert.Equal(64, Known(1)));
        await first.WriteAsync(Batch(7, Stored(2)));

        var second = await _client.SubscribedAsync();
        Assert.False(_index.SpeaksFor(_worker));
        Assert.Equal(0, Known(1));
        await second.WriteAsync(Batch(8, Stored(3)));
        await Eventually.HoldsAsync(() => Assert.Equal(64, Known(3)));
        Assert.Equal(0, Known(2));
        Assert.Equal([0ul, 0ul], _client.From);
        await EndAsync(running, stopping);
    }

    [Fact]
    public async Task A_stream_that_breaks_is_not_believed_and_followed_again()
    {
        using var stopping = new CancellationTokenSource();
        var running = Run(stopping.Token);
        var first = await _client.SubscribedAsync();
        await first.WriteAsync(Batch(1, Stored(1)));
        await Eventually.HoldsAsync(() => Assert.Equal(64, Known(1)));
        first.Complete(new EngineException(EngineFault.Unreachable, "broken"));
        var second = await _client.SubscribedAsync();
        Assert.False(_index.SpeaksFor(_worker));
        second.Complete();
        await _client.SubscribedAsync();
        await EndAsync(running, stopping);
    }

    [Fact]
    public async Task An_engine_without_events_is_asked_once()
    {
        var running = Run(CancellationToken.None);
        var stream = await _client.SubscribedAsync();
        stream.Complete(new EngineException(EngineFault.Unsupported, "none"));
        await running;
        Assert.Single(_client.From);
    }

    [Fact]
    public async Task A_feed_that_is_stopped_is_not_believed()
    {
        using var stopping = new CancellationTokenSource();
        var running = Run(stopping.Token);
        await (await _client.SubscribedAsync()).WriteAsync(Batch(1, Stored(1)));
        await Eventually.HoldsAsync(() => Assert.True(_index.SpeaksFor(_worker)));
        await EndAsync(running, stopping);
        Assert.False(_index.SpeaksFor(_worker));
    }

    [Fact]
    public async Task Each_rank_has_what_its_own_events_say()
    {
        var whole = Make.Worker().WithRanks(2, 1_000_000, BreakerSettings.Default, TimeProvider.System);
        _index.WorkersChanged(whole.Ranks.AsSpan());
        using var stopping = new CancellationTokenSource();
        var running = new KvEventSubscription(_client, whole, _index, TimeProvider.System).RunAsync(stopping.Token);
        var stream = await _client.SubscribedAsync();
        await stream.WriteAsync(Batch(1, Stored(1), rank: 1));
        await stream.WriteAsync(Batch(1, Stored(2), rank: 0));
        await Eventually.HoldsAsync(() => Assert.Equal((64, 0), (Known(2, whole.Ranks[0]), Known(2, whole.Ranks[1]))));
        Assert.Equal((0, 64), (Known(1, whole.Ranks[0]), Known(1, whole.Ranks[1])));
        await EndAsync(running, stopping);
    }

    private static KvEventBatch Batch(ulong number, KvCacheEvent change, int? rank = null)
    {
        var batch = new KvEventBatch { SequenceNumber = number, Events = { change } };
        if (rank is { } known)
            batch.DpRank = known;
        return batch;
    }

    private static uint[] Tokens(uint first) => [.. Enumerable.Range(0, 16).Select(token => (first * 100) + (uint)token)];

    private static KvCacheEvent Stored(uint first) => new()
    {
        Stored = new KvBlocksStored { Blocks = { new KvBlock { BlockHash = first, TokenIds = { Tokens(first) }, BlockSize = 16 } } },
    };

    private static async Task EndAsync(Task running, CancellationTokenSource stopping)
    {
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private Task Run(CancellationToken stopping)
    {
        _index.WorkersChanged([_worker]);
        return new KvEventSubscription(_client, _worker, _index, TimeProvider.System).RunAsync(stopping);
    }

    private int Known(uint first, Worker? worker = null)
    {
        var overlaps = new PrefixOverlaps();
        _index.Match([.. Tokens(first).SelectMany(BitConverter.GetBytes)], overlaps);
        return _index.BytesOf(overlaps, worker ?? _worker, guess: 0);
    }

    /// <summary>A client whose every subscription is a stream that the test writes.</summary>
    private sealed class StreamingClient : EngineClient
    {
        private readonly Channel<ChannelWriter<KvEventBatch>> _subscriptions = Channel.CreateUnbounded<ChannelWriter<KvEventBatch>>();

        public List<ulong> From { get; } = [];

        public override ConnectionMode Mode => ConnectionMode.Grpc;

        /// <summary>The next subscription; the limit only ends a run that has gone wrong.</summary>
        public Task<ChannelWriter<KvEventBatch>> SubscribedAsync() => _subscriptions.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

        public override Task<ProbeResult> ProbeAsync(ProbePlan plan, CancellationToken cancellation) => throw new NotSupportedException();

        public override IAsyncEnumerable<KvEventBatch> FollowKvEventsAsync(ulong from, CancellationToken cancellation)
        {
            From.Add(from);
            var stream = Channel.CreateUnbounded<KvEventBatch>();
            _subscriptions.Writer.TryWrite(stream.Writer);
            return stream.Reader.ReadAllAsync(cancellation);
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
