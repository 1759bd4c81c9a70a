using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Tests.Engine;

public sealed class BatchingTests
{
    [Fact]
    public void The_first_token_comes_when_the_prompt_has_been_computed()
    {
        using var bench = new EngineBench();
        using var generation = bench.Submit(promptTokens: 40, answerTokens: 3);

        bench.Time.AdvanceMilliseconds(39);
        Assert.Equal(0, generation.CompletionTokens);
        bench.Time.AdvanceMilliseconds(1);
        Assert.Equal(1, generation.CompletionTokens);
    }

    [Fact]
    public void Each_further_token_takes_the_base_latency_and_the_share_of_the_batch()
    {
        using var bench = new EngineBench();
        using var generation = bench.Submit(promptTokens: 40, answerTokens: 3);

        bench.Time.AdvanceMilliseconds(40 + 10);
        Assert.Equal(1, generation.CompletionTokens);
        bench.Time.AdvanceMilliseconds(1);
        Assert.Equal(2, generation.CompletionTokens);
        bench.Time.AdvanceMilliseconds(11);
        Assert.Equal(GenerationEnd.Finished, generation.End);
    }

    [Fact]
    public void A_larger_batch_slows_each_of_its_tokens()
    {
        using var bench = new EngineBench();
        Generation[] four = [.. Enumerable.Range(0, 4).Select(topic => bench.Submit(10, 5, topic))];

        // The first is computed alone, then the other three in one step, in which the first decodes.
        bench.Time.AdvanceMilliseconds(10);
        bench.Time.AdvanceMilliseconds(30 + 11);
        Assert.All(four[1..], static generation => Assert.Equal(1, generation.CompletionTokens));
        bench.Time.AdvanceMilliseconds(13);
        Assert.All(four[1..], static generation => Assert.Equal(1, generation.CompletionTokens));
        bench.Time.AdvanceMilliseconds(1);
        Assert.All(four[1..], static generation => Assert.Equal(2, generation.CompletionTokens));
        Assert.Equal(4, bench.Stats.MaxBatchSeen);
    }

    [Fact]
    public void A_newcomer_joins_between_two_steps()
    {
        using var bench = new EngineBench();
        using var first = bench.Submit(10, 10);
        bench.Time.AdvanceMilliseconds(15);

        using var second = bench.Submit(10, 10, topic: 1);

        Assert.Equal(1, bench.Stats.Running);
        Assert.Equal(1, bench.Stats.Waiting);
        bench.Time.AdvanceMilliseconds(6);
        Assert.Equal(2, bench.Stats.Running);
        Assert.Equal(2, first.CompletionTokens);
    }

    [Fact]
    public void Beyond_the_largest_batch_requests_wait_in_order()
    {
        using var bench = new EngineBench(static options => options with { MaxRunningRequests = 1 });
        using var first = bench.Submit(10, 1);
        using var second = bench.Submit(10, 1, topic: 1);
        using var third = bench.Submit(10, 1, topic: 2);

        Assert.Equal((1, 2), (bench.Stats.Running, bench.Stats.Waiting));
        bench.Time.AdvanceMilliseconds(10);
        Assert.Equal(GenerationEnd.Finished, first.End);
        bench.Time.AdvanceMilliseconds(10);
        Assert.Equal((GenerationEnd.Finished, GenerationEnd.NotYet), (second.End, third.End));
    }

    [Fact]
    public void A_long_prompt_is_computed_in_chunks_between_which_the_others_decode()
    {
        using var bench = new EngineBench(static options => options with { PrefillChunkTokens = 100 });
        using var decoding = bench.Submit(10, 50);
        bench.Time.AdvanceMilliseconds(10);

        using var large = bench.Submit(1000, 1, topic: 1);
        bench.Time.AdvanceMilliseconds(11 + (3 * (100 + 11)));

        Assert.Equal(1 + 1 + 3, decoding.CompletionTokens);
        Assert.Equal(0, large.CompletionTokens);
    }

    [Fact]
    public void A_late_wake_up_does_not_stretch_the_schedule()
    {
        using var bench = new EngineBench();
        var scheduler = new BatchScheduler(bench.Options, new KvCache(1024, 16), bench.Stats, static _ => { });
        using var generation = bench.Submit(10, 100);

        scheduler.Enqueue(new Generation(bench.Engine, "late", EngineBench.Prompt(10), [EngineBench.Answer(10)], 16).Sequences, TimeSpan.Zero);
        scheduler.AdvanceTo(TimeSpan.FromMilliseconds(10 + 11 + 11 + 5));

        Assert.Equal(TimeSpan.FromMilliseconds(10 + (3 * 11)), scheduler.StepEnds);
    }

    [Fact]
    public void An_abort_frees_the_slot_at_once()
    {
        using var bench = new EngineBench(static options => options with { MaxRunningRequests = 1 });
        var first = bench.Submit(10, 1000);
        using var second = bench.Submit(10, 1, topic: 1);
        bench.Time.AdvanceMilliseconds(15);

        first.Dispose();

        Assert.Equal(GenerationEnd.Aborted, first.End);
        Assert.Equal((1, 0), (bench.Stats.Running, bench.Stats.Waiting));
        bench.Time.AdvanceMilliseconds(10);
        Assert.Equal(GenerationEnd.Finished, second.End);
        Assert.Equal((1, 1), (bench.Stats.Aborted, bench.Stats.Finished));
    }

    [Fact]
    public void Disposing_of_a_finished_generation_does_not_abort_it()
    {
        using var bench = new EngineBench();
        var generation = bench.Submit(10, 1);
        bench.Time.RunToEnd();

        generation.Dispose();

        Assert.Equal((1, 0), (bench.Stats.Finished, bench.Stats.Aborted));
    }

    [Fact]
    public void An_idle_engine_has_no_timer_running()
    {
        using var bench = new EngineBench();
        Assert.Equal(0, bench.Time.ArmedTimers);
        using var generation = bench.Submit(10, 1);
        Assert.Equal(1, bench.Time.ArmedTimers);

        bench.Time.AdvanceMilliseconds(10);

        Assert.Equal(0, bench.Time.ArmedTimers);
    }

    [Fact]
    public void A_slowdown_multiplies_the_steps_that_begin_after_it()
    {
        using var bench = new EngineBench();
        bench.Engine.SlowDown(10);
        using var generation = bench.Submit(10, 1);

        bench.Time.AdvanceMilliseconds(99);
        Assert.Equal(0, generation.CompletionTokens);
        bench.Time.AdvanceMilliseconds(1);
        Assert.Equal(1, generation.CompletionTokens);
    }

    [Fact]
    public void A_stopped_engine_loses_its_work_and_takes_no_more()
    {
        var bench = new EngineBench();
        var generation = bench.Submit(10, 10);

        bench.Dispose();

        Assert.Equal(GenerationEnd.Failed, generation.End);
        Assert.Equal((0, 0, 0), (bench.Stats.Running, bench.Stats.Waiting, bench.Stats.KvUsedTokens));
        Assert.Throws<EngineStoppedException>(() => bench.Submit(10, 10));
    }

    [Fact]
    public void Aborting_by_id_takes_the_id_as_a_prefix_as_SGLang_does()
    {
        using var bench = new EngineBench();
        using var one = bench.Engine.Submit("abc-1", EngineBench.Prompt(10), [EngineBench.Answer(10)]);
        using var two = bench.Engine.Submit("abc-2", EngineBench.Prompt(10), [EngineBench.Answer(10)]);
        using var other = bench.Engine.Submit("xyz", EngineBench.Prompt(10), [EngineBench.Answer(10)]);

        Assert.Equal(2, bench.Engine.AbortByIdPrefix("abc"));

        Assert.Equal((GenerationEnd.Aborted, GenerationEnd.Aborted, GenerationEnd.NotYet), (one.End, two.End, other.End));
    }

    [Fact]
    public void A_generation_with_several_choices_counts_once_and_ends_with_its_last_choice()
    {
        using var bench = new EngineBench();
        using var generation = bench.Engine.Submit("n", EngineBench.Prompt(10), [EngineBench.Answer(1), EngineBench.Answer(2)]);

        bench.Time.AdvanceMilliseconds(20);
        Assert.Equal(GenerationEnd.NotYet, generation.End);
        bench.Time.AdvanceMilliseconds(11);

        Assert.Equal(GenerationEnd.Finished, generation.End);
        Assert.Equal((1, 1, 3), (bench.Stats.Started, bench.Stats.Finished, bench.Stats.CompletionTokens));
    }

    [Fact]
    public async Task Whoever_waits_is_woken_by_each_token_and_by_the_end()
    {
        using var bench = new EngineBench();
        using var generation = bench.Submit(10, 2);
        var first = generation.WaitAsync(CancellationToken.None).AsTask();
        Assert.False(first.IsCompleted);
        bench.Time.AdvanceMilliseconds(10);
        await first;

        var end = generation.WaitForEndAsync(CancellationToken.None).AsTask();
        Assert.False(end.IsCompleted);
        bench.Time.AdvanceMilliseconds(11);
        await end;
    }
}
