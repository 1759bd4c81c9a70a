using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Tests.Engine;

public sealed class PrefixCacheTests
{
    [Fact]
    public void A_cached_prefix_is_not_prefilled_again()
    {
        using var bench = new EngineBench();
        using var first = bench.Submit(100, 1);
        bench.Time.RunToEnd();
        using var second = bench.Submit(100, 1);

        // 6 whole blocks of 16 tokens are reused; 4 tokens remain.
        bench.Time.AdvanceMilliseconds(3);
        Assert.Equal(GenerationEnd.NotYet, second.End);
        bench.Time.AdvanceMilliseconds(1);

        Assert.Equal(GenerationEnd.Finished, second.End);
        Assert.Equal((0, 96), (first.CachedTokens, second.CachedTokens));
        Assert.Equal((200, 96), (bench.Stats.PromptTokens, bench.Stats.CachedTokens));
    }

    [Fact]
    public void The_last_token_of_a_prompt_is_always_computed()
    {
        using var bench = new EngineBench();
        using var first = bench.Submit(32, 1);
        bench.Time.RunToEnd();

        using var second = bench.Submit(32, 1);

        Assert.Equal(16, second.CachedTokens);
    }

    [Fact]
    public void Another_prompt_finds_nothing_of_it()
    {
        using var bench = new EngineBench();
        using var first = bench.Submit(100, 1);
        bench.Time.RunToEnd();

        using var second = bench.Submit(100, 1, topic: 1);

        Assert.Equal(0, second.CachedTokens);
    }

    [Fact]
    public void The_next_turn_finds_the_answer_of_the_last_one()
    {
        using var bench = new EngineBench();
        using var first = bench.Submit(32, 32);
        bench.Time.RunToEnd();

        int[] conversation = [.. first.Prompt, .. first.Sequences[0].Answer.Tokens, 7, 8, 9];
        using var second = bench.Engine.Submit("next", conversation, [EngineBench.Answer(1)]);

        Assert.Equal(64, second.CachedTokens);
    }

    [Fact]
    public void The_least_recently_used_prefix_is_evicted_first()
    {
        // Room for three prompts with their answers, of 6 blocks each.
        using var bench = new EngineBench(static options => options with { KvCapacityTokens = 18 * 16 });
        foreach (var topic in (int[])[1, 2, 3, 1, 4])
        {
            bench.Submit(81, 1, topic);
            bench.Time.RunToEnd();
        }

        Assert.Equal(80, bench.Submit(81, 1, topic: 1).CachedTokens);
        bench.Time.RunToEnd();
        Assert.True(bench.Submit(81, 1, topic: 2).CachedTokens < 80);
    }

    [Fact]
    public void Without_KV_space_a_request_waits_until_another_has_ended()
    {
        using var bench = new EngineBench(static options => options with { KvCapacityTokens = 160 });
        using var first = bench.Submit(100, 20);
        using var second = bench.Submit(100, 20, topic: 1);

        Assert.Equal((1, 1), (bench.Stats.Running, bench.Stats.Waiting));
        first.Dispose();
        Assert.Equal((1, 0), (bench.Stats.Running, bench.Stats.Waiting));
    }

    [Fact]
    public void A_flush_forgets_what_nobody_uses()
    {
        using var bench = new EngineBench();
        using var first = bench.Submit(100, 1);
        bench.Time.RunToEnd();
        Assert.Equal(96, bench.Engine.Load.OccupiedTokens);

        bench.Engine.FlushCache();

        Assert.Equal(0, bench.Engine.Load.OccupiedTokens);
        using var second = bench.Submit(100, 1);
        Assert.Equal(0, second.CachedTokens);
    }
}
