using CsCheck;
using Gateway.Actors.Routing;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing;

public sealed class PrefixHashPolicyTests
{
    private static readonly PrefixHashSettings Defaults = new();

    [Fact]
    public void Only_the_beginning_of_a_prompt_counts()
    {
        var (policy, workers) = Start(8);
        var beginning = new string('a', Defaults.PrefixTokens * 4);
        Assert.Same(Ask.Pick(policy, workers, beginning + "x"), Ask.Pick(policy, workers, beginning + "y"));
        Assert.True(Enumerable.Range(0, 50).Select(i => Ask.Pick(policy, workers, $"{i}{beginning}")).Distinct().Count() > 4);
    }

    [Fact]
    public void No_worker_gets_more_than_the_factor_times_the_mean() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 5], Gen.Int[1, 300]).Sample((count, prompts, requests) =>
        {
            var (policy, workers) = Start(count);
            for (var sent = 1; sent <= requests; sent++)
            {
                Ask.Send(policy, workers, $"prompt {sent % prompts}");
                var bound = (int)Math.Ceiling(Defaults.LoadFactor * sent / count);
                Assert.All(workers, worker => Assert.InRange(worker.Load, 0, bound));
            }
        }, iter: 50);

    [Fact]
    public void Below_the_bound_a_prompt_stays_with_its_owner()
    {
        var (policy, workers) = Start(4);
        foreach (var worker in workers)
            Ask.Occupy(worker, 20);
        var owner = Ask.Pick(policy, workers, "p")!;
        for (var i = 0; i < 5; i++)
            Assert.Same(owner, Ask.Send(policy, workers, "p"));
    }

    private static (IRoutingPolicy Policy, Worker[] Workers) Start(int count)
    {
        var policy = PolicyCatalog.Create("prefix_hash", PolicyContext.Default);
        var workers = Make.Workers(count);
        policy.WorkersChanged(workers);
        return (policy, workers);
    }
}
