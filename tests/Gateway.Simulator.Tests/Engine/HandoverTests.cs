using CsCheck;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Tests.Engine;

/// <summary>The two parts of a generation that two workers share.</summary>
public sealed class HandoverTests
{
    [Fact]
    public async Task A_prefill_takes_the_time_of_its_prompt_and_then_keeps_its_KV_blocks_but_no_slot()
    {
        using var bench = new EngineBench(static options => options with { MaxRunningRequests = 1 });
        using var prefill = bench.Submit(40, 1, GenerationPart.Prefill);
        using var next = bench.Submit(10, 1, GenerationPart.Whole, topic: 1);

        bench.Time.AdvanceMilliseconds(40);

        Assert.True(await prefill.Computed);
        Assert.Equal(GenerationEnd.NotYet, prefill.End);
        Assert.Equal((1, 0, 48 + 16), (bench.Stats.Running, bench.Stats.Waiting, bench.Stats.KvUsedTokens));
        bench.Time.AdvanceMilliseconds(10);
        Assert.Equal(GenerationEnd.Finished, next.End);
        Assert.Equal(48, bench.Stats.KvUsedTokens);

        prefill.HandOver();

        Assert.Equal(GenerationEnd.Finished, prefill.End);
        Assert.Equal((0, 1, 0), (bench.Stats.RoomsOpen, bench.Stats.RoomsHandedOver, bench.Stats.KvUsedTokens));
    }

    [Fact]
    public void A_prompt_that_waits_to_be_fetched_is_a_prefix_for_the_next()
    {
        using var bench = new EngineBench();
        using var first = bench.Submit(40, 1, GenerationPart.Prefill);
        bench.Time.AdvanceMilliseconds(40);

        using var second = bench.Submit(40, 1, GenerationPart.Prefill);

        Assert.Equal(32, second.CachedTokens);
        bench.Time.AdvanceMilliseconds(8);
        Assert.Equal(1, second.CompletionTokens);
    }

    [Fact]
    public void KV_space_that_waits_to_be_fetched_is_not_there_for_others()
    {
        using var bench = new EngineBench(static options => options with { KvCapacityTokens = 64 });
        using var first = bench.Submit(40, 1, GenerationPart.Prefill);
        using var second = bench.Submit(40, 1, GenerationPart.Prefill, topic: 1);
        bench.Time.AdvanceMilliseconds(40);
        Assert.Equal((0, 1), (bench.Stats.Running, bench.Stats.Waiting));

        first.HandOver();

        Assert.Equal((1, 0), (bench.Stats.Running, bench.Stats.Waiting));
        bench.Time.AdvanceMilliseconds(40);
        Assert.Equal(1, second.CompletionTokens);
    }

    [Fact]
    public async Task A_decode_begins_when_it_has_received_and_costs_no_prefill()
    {
        using var bench = new EngineBench();
        using var decode = bench.Submit(1000, 2, GenerationPart.Decode);
        bench.Time.AdvanceMilliseconds(5000);
        Assert.Equal((0, 0, 1), (decode.CompletionTokens, bench.Stats.Running, bench.Stats.Waiting));
        Assert.Equal(1, bench.Engine.Load.Waiting);

        decode.Receive();

        Assert.Equal((1, 0, 1008), (bench.Stats.Running, bench.Stats.Waiting, bench.Stats.KvUsedTokens));
        bench.Time.AdvanceMilliseconds(11);
        Assert.Equal(1, decode.CompletionTokens);
        bench.Time.AdvanceMilliseconds(11);
        Assert.Equal(GenerationEnd.Finished, decode.End);
        Assert.True(await decode.Computed);
        Assert.Equal((0, 1, 0), (bench.Stats.RoomsOpen, bench.Stats.RoomsHandedOver, bench.Stats.RoomsAbandoned));
    }

    [Fact]
    public void A_decode_shares_no_prefix()
    {
        using var bench = new EngineBench();
        using var first = bench.Submit(40, 1, GenerationPart.Whole);
        bench.Time.RunToEnd();

        using var decode = bench.Submit(40, 1, GenerationPart.Decode);
        decode.Receive();

        Assert.Equal(0, decode.CachedTokens);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_abort_ends_what_waits_for_the_other_side(bool isPrefill)
    {
        using var bench = new EngineBench();
        using var waiting = bench.Submit(40, 1, isPrefill ? GenerationPart.Prefill : GenerationPart.Decode);
        bench.Time.AdvanceMilliseconds(100);

        Assert.Equal(1, bench.Engine.AbortByIdPrefix("r"));

        Assert.Equal(isPrefill, await waiting.Computed);
        Assert.True(waiting.Ended.IsCompleted);
        Assert.Equal((1, 0, 1), (bench.Stats.Aborted, bench.Stats.RoomsOpen, bench.Stats.RoomsAbandoned));
        Assert.Equal((0, 0), (bench.Stats.Waiting, bench.Stats.KvUsedTokens));
        waiting.Receive();
        waiting.HandOver();
        Assert.Equal((0, 0), (bench.Stats.Waiting, bench.Stats.Finished));
    }

    [Fact]
    public void A_stopped_engine_loses_what_waits_for_the_other_side()
    {
        var bench = new EngineBench();
        bench.Submit(40, 1, GenerationPart.Prefill);
        var decode = bench.Submit(40, 1, GenerationPart.Decode);
        bench.Time.AdvanceMilliseconds(100);

        bench.Dispose();

        Assert.Equal((2, 0, 2), (bench.Stats.Failed, bench.Stats.RoomsOpen, bench.Stats.RoomsAbandoned));
        Assert.Equal((0, 0), (bench.Stats.Waiting, bench.Stats.KvUsedTokens));
        decode.Receive();
        Assert.Equal(0, bench.Stats.RoomsHandedOver);
    }

    [Fact]
    public async Task A_reason_for_a_failure_is_told()
    {
        using var bench = new EngineBench();
        using var decode = bench.Submit(40, 1, GenerationPart.Decode);

        decode.Fail("a reason");

        var failure = await Assert.ThrowsAsync<GenerationFailedException>(async () => await decode.WaitForResultAsync(CancellationToken.None));
        Assert.Equal("a reason", failure.Message);
    }

    /// <summary>One thing that happens to an engine.</summary>
    private sealed record Happening(int Kind, int PromptTokens, int AnswerTokens, int Topic, int Milliseconds, int Victim);

    private static readonly Gen<Happening> _happening = Gen.Select(
        Gen.Int[0, 9], Gen.Int[1, 200], Gen.Int[0, 40], Gen.Int[0, 3], Gen.Int[0, 200], Gen.Int[0, 50],
        static (kind, prompt, answer, topic, time, victim) => new Happening(kind, prompt, answer, topic, time, victim));

    [Fact]
    public void Every_room_is_handed_over_or_abandoned_once_and_gives_back_its_KV_space() =>
        _happening.Array[1, 60].Sample(static happenings =>
        {
            using var bench = new EngineBench(static options => options with { KvCapacityTokens = 400, MaxRunningRequests = 3, PrefillChunkTokens = 50 });
            var generations = new List<Generation>();
            foreach (var happening in happenings)
            {
                Apply(bench, generations, happening);
                Check(bench, generations);
            }

            generations.ForEach(static generation => generation.Receive());
            bench.Time.RunToEnd();
            generations.ForEach(static generation => generation.Dispose());

            Check(bench, generations);
            Assert.Equal((0, 0, 0, 0), (bench.Stats.Running, bench.Stats.Waiting, bench.Stats.RoomsOpen, bench.Stats.KvUsedTokens));
            bench.Engine.FlushCache();
            Assert.Equal(0, bench.Engine.Load.OccupiedTokens);
        }, iter: 500);

    private static void Apply(EngineBench bench, List<Generation> generations, Happening happening)
    {
        var victim = generations.Count > 0 ? generations[happening.Victim % generations.Count] : null;
        switch (happening.Kind)
        {
            case < 4:
                generations.Add(bench.Submit(happening.PromptTokens, happening.AnswerTokens, (GenerationPart)(happening.Kind % 3), happening.Topic));
                break;
            case < 6:
                bench.Time.AdvanceMilliseconds(happening.Milliseconds);
                break;
            case 6:
                victim?.Receive();
                break;
            case 7 when victim is { Part: GenerationPart.Prefill, Computed.IsCompleted: true }:
                victim.HandOver();
                break;
            case 8:
                victim?.Dispose();
                break;
            default:
                victim?.Fail("a reason");
                break;
        }
    }

    private static void Check(EngineBench bench, List<Generation> generations)
    {
        var (load, stats) = (bench.Engine.Load, bench.Stats);
        Assert.InRange(load.UsedTokens, 0, load.OccupiedTokens);
        Assert.InRange(load.OccupiedTokens, 0, load.CapacityTokens);
        Assert.InRange(load.Running, 0, bench.Options.MaxRunningRequests);
        var live = generations.Where(static generation => generation.End == GenerationEnd.NotYet).ToList();
        var kept = live.Count(static generation => generation is { Part: GenerationPart.Prefill, Computed.IsCompleted: true });
        Assert.Equal(live.Count, load.Running + load.Waiting + kept);
        Assert.Equal((load.Running, load.Waiting), (stats.Running, stats.Waiting));
        Assert.Equal(
            live.Count(static generation => generation.Part == GenerationPart.Prefill || generation.IsExpecting),
            stats.RoomsOpen);
        Assert.Equal(
            generations.Count(static generation => generation.Part != GenerationPart.Whole),
            stats.RoomsOpen + stats.RoomsHandedOver + stats.RoomsAbandoned);
    }
}
