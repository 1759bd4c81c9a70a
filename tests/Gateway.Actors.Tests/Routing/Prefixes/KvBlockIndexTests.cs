using CsCheck;
using Gateway.Actors.Routing;
using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing.Prefixes;

/// <summary>The exact mode, with a fake engine feed: a byte of the prompt is a token, four are a block.</summary>
public sealed class KvBlockIndexTests
{
    private const int TokensPerBlock = 4;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private readonly ManualTime _time = new();

    [Fact]
    public void It_knows_the_unbroken_run_of_blocks_that_each_engine_reports() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 9]).Array[1, 60].Sample(events =>
        {
            var workers = Make.Workers(3);
            var index = Index(workers);
            var prompt = Prompt(10);
            var blocks = Blocks(prompt);
            var stored = Array.ConvertAll(workers, static _ => new HashSet<int>());
            foreach (var (number, kind, block) in events)
            {
                if (kind <= 1)
                {
                    index.BlocksStored(workers[number], blocks.AsSpan(block, 1), TokensPerBlock);
                    stored[number].Add(block);
                }
                else if (kind == 2)
                {
                    index.BlocksRemoved(workers[number], blocks.AsSpan(block, 1));
                    stored[number].Remove(block);
                }
                else if (block == 0)
                {
                    index.AllBlocksCleared(workers[number]);
                    stored[number].Clear();
                }

                for (var i = 0; i < workers.Length; i++)
                    Assert.Equal(TokensPerBlock * Enumerable.Range(0, 11).First(n => !stored[i].Contains(n)), Known(index, workers[i], prompt));
            }
        });

    [Fact]
    public void A_silent_feed_is_not_believed_until_it_speaks_again()
    {
        var worker = Make.Worker();
        var index = Index([worker]);
        Assert.False(index.SpeaksFor(worker));
        index.BlocksStored(worker, Blocks(Prompt(3)), TokensPerBlock);
        Assert.True(index.SpeaksFor(worker));
        _time.Advance(Timeout + TimeSpan.FromSeconds(1));
        Assert.False(index.SpeaksFor(worker));
        index.FeedIsAlive(worker);
        Assert.True(index.SpeaksFor(worker));
        Assert.Equal(12, Known(index, worker, Prompt(3)));
        index.FeedLost(worker);
        Assert.False(index.SpeaksFor(worker));
        index.FeedIsAlive(worker);
        Assert.Equal(0, Known(index, worker, Prompt(3)));
    }

    [Fact]
    public void Events_of_an_incarnation_that_is_gone_change_nothing()
    {
        var worker = Make.Worker();
        var index = Index([worker]);
        worker.Close();
        index.WorkersChanged([]);
        index.BlocksStored(worker, Blocks(Prompt(3)), TokensPerBlock);
        Assert.False(index.SpeaksFor(worker));
        Assert.False(index.Speaks);
    }

    [Fact]
    public void The_policy_believes_a_live_feed_and_otherwise_what_it_has_sent()
    {
        var policy = new CacheAwarePolicy(
            new PolicyContext(new RoutingSettings { CacheAware = new CacheAwareSettings { MemoryBytes = 1 << 20, FeedTimeout = Timeout } }, new Random(1), _time),
            new ByteBlockHasher());
        var workers = Make.Workers(4);
        policy.WorkersChanged(workers);
        var prompt = new byte[4096];
        var sentTo = Pick(policy, workers, prompt);
        Assert.Same(sentTo, Pick(policy, workers, prompt));

        // That engine says it has nothing; another one has it all.
        var holder = workers[(Array.IndexOf(workers, sentTo) + 1) % 4];
        policy.KvEvents!.BlocksStored(holder, Blocks(prompt), TokensPerBlock);
        policy.KvEvents!.AllBlocksCleared(sentTo);
        var explanation = new RouteExplanation();
        Assert.Same(holder, Pick(policy, workers, prompt, explanation));
        Assert.Equal(4096, explanation.MatchedBytes);
        Assert.Equal(0, explanation.Candidates.Single(candidate => candidate.Worker == sentTo).MatchedBytes);

        policy.KvEvents!.BlocksRemoved(holder, Blocks(prompt));
        _time.Advance(Timeout + TimeSpan.FromSeconds(1));
        explanation.Clear();
        _ = Pick(policy, workers, prompt, explanation);
        Assert.Equal(4096, explanation.Candidates.Single(candidate => candidate.Worker == sentTo).MatchedBytes);
    }

    private static Worker Pick(CacheAwarePolicy policy, Worker[] workers, byte[] prompt, RouteExplanation? explanation = null)
    {
        var tried = default(TriedWorkers);
        return policy.Pick(workers, new RouteRequest(prompt, RouteHints.None, in tried) { Explanation = explanation })!;
    }

    private KvBlockIndex Index(Worker[] workers)
    {
        var index = new KvBlockIndex(new PrefixTable(1 << 20), new ByteBlockHasher(), Timeout, _time);
        index.WorkersChanged(workers);
        return index;
    }

    private static int Known(KvBlockIndex index, Worker worker, byte[] prompt)
    {
        var overlaps = new PrefixOverlaps();
        index.Match(prompt, overlaps);
        return index.BytesOf(overlaps, worker, guess: 0);
    }

    private static byte[] Prompt(int blocks) => [.. Enumerable.Range(0, blocks * TokensPerBlock).Select(static i => (byte)i)];

    private static ulong[] Blocks(byte[] prompt)
    {
        var blocks = new ulong[prompt.Length / TokensPerBlock];
        Assert.Equal(blocks.Length, new ByteBlockHasher().Hash(prompt, TokensPerBlock, blocks, out _));
        return blocks;
    }

    private sealed class ByteBlockHasher : IKvBlockHasher
    {
        public int Hash(ReadOnlySpan<byte> prompt, int tokensPerBlock, Span<ulong> blocks, out int promptTokens)
        {
            promptTokens = prompt.Length;
            var count = Math.Min(prompt.Length / tokensPerBlock, blocks.Length);
            var hash = 14695981039346656037UL;
            for (var i = 0; i < count * tokensPerBlock; i++)
            {
                hash = (hash ^ prompt[i]) * 1099511628211;
                blocks[i / tokensPerBlock] = hash;
            }

            return count;
        }
    }
}
