using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing;

/// <summary>A routing key goes before the policy, if the operator wants it so.</summary>
public sealed class RoutingKeyOverrideTests
{
    private static readonly RoutingSettings On = new() { RoutingKeyOverride = true };

    /// <summary>All but those that read routing keys themselves.</summary>
    public static TheoryData<string> Overridden => [.. PolicyCatalog.Names.Except(["manual", "consistent_hashing"])];

    [Theory]
    [MemberData(nameof(Overridden))]
    public void A_key_sticks_and_survives_that_other_workers_come(string name)
    {
        var policy = Create(name);
        var workers = Make.Workers(20);
        policy.WorkersChanged(workers.AsSpan(0, 5));
        var before = Enumerable.Range(0, 100).Select(i => Ask.Pick(policy, workers.AsSpan(0, 5), $"prompt {i}", $"{i}")).ToArray();

        policy.WorkersChanged(workers);

        Assert.Equal(before, Enumerable.Range(0, 100).Select(i => Ask.Pick(policy, workers, "another prompt", $"{i}")));
        Assert.True(before.Distinct().Count() > 1);
    }

    [Theory]
    [MemberData(nameof(Overridden))]
    public void A_key_moves_when_its_worker_is_not_eligible_and_goes_back(string name)
    {
        var policy = Create(name);
        var workers = Make.Workers(8);
        policy.WorkersChanged(workers);
        var home = Ask.Pick(policy, workers, key: "k")!;

        var standIn = Ask.PickAfterFailureOn(home, policy, workers, "k")!;

        Assert.NotSame(home, standIn);
        Assert.Same(standIn, Ask.PickAfterFailureOn(home, policy, workers, "k"));
        Assert.Same(home, Ask.Pick(policy, workers, key: "k"));
        home.Close();
        Assert.Same(standIn, Ask.Pick(policy, workers, key: "k"));
    }

    [Fact]
    public void Without_a_key_the_policy_decides()
    {
        var policy = Create("round_robin");
        var workers = Make.Workers(4);
        var first = Ask.Pick(policy, workers, key: "k");

        var others = Enumerable.Range(0, 8).Select(_ => Ask.Pick(policy, workers)).ToArray();

        Assert.All(workers, worker => Assert.Equal(2, others.Count(pick => pick == worker)));
        Assert.Same(first, Ask.Pick(policy, workers, key: "k"));
    }

    [Fact]
    public void The_policy_is_told_of_workers_and_asked_what_it_needs()
    {
        var policy = Create("cache_aware");
        var workers = Make.Workers(4);
        policy.WorkersChanged(workers);
        var prompt = new string('p', 4000);
        var holder = Ask.Pick(policy, workers, prompt);

        Assert.All(Enumerable.Range(0, 20), _ => Assert.Same(holder, Ask.Pick(policy, workers, prompt)));
        Assert.True(Create("least_load").NeedsLoadReports);
        Assert.False(policy.NeedsLoadReports);
    }

    [Fact]
    public void An_explanation_says_that_the_key_has_decided()
    {
        var policy = Create("cache_aware");
        var workers = Make.Workers(2);
        policy.WorkersChanged(workers);

        Assert.Equal("routing key: manual", Rule("k"));
        Assert.Equal("least cost", Rule(null));

        string? Rule(string? key)
        {
            var explanation = new RouteExplanation();
            policy.Pick(workers, new RouteRequest("prompt"u8, new RouteHints(key, null), in TriedWorkers.None) { Explanation = explanation });
            return explanation.Rule;
        }
    }

    [Fact]
    public void It_is_not_there_unless_it_is_asked_for_nor_over_a_policy_that_reads_keys_itself()
    {
        Assert.All(PolicyCatalog.Names, static name => Assert.IsNotType<RoutingKeyOverridePolicy>(PolicyCatalog.Create(name, PolicyContext.Default)));
        Assert.IsType<ManualPolicy>(Create("manual"));
        Assert.IsType<ConsistentHashingPolicy>(Create("consistent_hashing"));
    }

    [Fact]
    public void A_pick_by_key_allocates_nothing()
    {
        var policy = Create("cache_aware");
        var workers = Make.Workers(8);
        policy.WorkersChanged(workers);
        Pick();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
            Pick();

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Pick() => policy.Pick(workers, new RouteRequest("a prompt"u8, new RouteHints("a session", null), in TriedWorkers.None));
    }

    [Fact]
    public void Sessions_outlast_a_change_of_policy()
    {
        var context = Context();
        var workers = Make.Workers(20);
        var policy = PolicyCatalog.Create("cache_aware", context);
        var before = Homes();
        foreach (var next in (string[])["least_load", "manual", "random"])
        {
            policy = PolicyCatalog.Create(next, context, policy);
            policy.WorkersChanged(workers);
            Assert.Equal(before, Homes());
        }

        Worker?[] Homes() => [.. Enumerable.Range(0, 50).Select(i => Ask.Pick(policy, workers, key: $"{i}"))];
    }

    private static IRoutingPolicy Create(string name) => PolicyCatalog.Create(name, Context());

    private static PolicyContext Context() => new(On, new Random(3), new ManualTime());
}
