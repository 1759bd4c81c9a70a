using CsCheck;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Tests.Engine;

public sealed class EngineProperties
{
    /// <summary>One thing that happens to an engine.</summary>
    private sealed record Happening(int Kind, int PromptTokens, int AnswerTokens, int Topic, int Milliseconds, int Victim);

    private static readonly Gen<Happening> _happening = Gen.Select(
        Gen.Int[0, 9], Gen.Int[1, 200], Gen.Int[0, 40], Gen.Int[0, 3], Gen.Int[0, 200], Gen.Int[0, 50],
        static (kind, prompt, answer, topic, time, victim) => new Happening(kind, prompt, answer, topic, time, victim));

    [Fact]
    public void Every_generation_ends_once_all_slots_are_freed_and_KV_space_is_never_exceeded() =>
        _happening.Array[1, 60].Sample(static happenings =>
        {
            using var bench = new EngineBench(static options => options with { KvCapacityTokens = 400, MaxRunningRequests = 3, PrefillChunkTokens = 50 });
            var generations = new List<Generation>();
            foreach (var happening in happenings)
            {
                Apply(bench, generations, happening);
                Check(bench, generations);
            }

            bench.Time.RunToEnd();

            Check(bench, generations);
            Assert.DoesNotContain(generations, static generation => generation.End == GenerationEnd.NotYet);
            Assert.Equal((0, 0, 0), (bench.Stats.Running, bench.Stats.Waiting, bench.Stats.KvUsedTokens));
            bench.Engine.FlushCache();
            Assert.Equal(0, bench.Engine.Load.OccupiedTokens);
        }, iter: 500);

    private static void Apply(EngineBench bench, List<Generation> generations, Happening happening)
    {
        switch (happening.Kind)
        {
            case < 5:
                generations.Add(bench.Submit(happening.PromptTokens, happening.AnswerTokens, happening.Topic));
                break;
            case < 7:
                bench.Time.AdvanceMilliseconds(happening.Milliseconds);
                break;
            case 7 when generations.Count > 0:
                generations[happening.Victim % generations.Count].Dispose();
                break;
            case 8 when generations.Count > 0:
                generations[happening.Victim % generations.Count].Fail();
                break;
            default:
                bench.Engine.FlushCache();
                break;
        }
    }

    private static void Check(EngineBench bench, List<Generation> generations)
    {
        var load = bench.Engine.Load;
        Assert.InRange(load.UsedTokens, 0, load.OccupiedTokens);
        Assert.InRange(load.OccupiedTokens, 0, load.CapacityTokens);
        Assert.InRange(load.Running, 0, bench.Options.MaxRunningRequests);
        Assert.All(generations, static generation => Assert.InRange(generation.CachedTokens, 0, generation.Prompt.Length - 1));
        var live = generations.Count(static generation => generation.End == GenerationEnd.NotYet);
        Assert.Equal(live, load.Running + load.Waiting);
        Assert.Equal(bench.Stats.Started, bench.Stats.Finished + bench.Stats.Aborted + bench.Stats.Failed + live);
    }
}
