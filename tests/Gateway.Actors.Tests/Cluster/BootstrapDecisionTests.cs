using CsCheck;
using Gateway.Actors.Cluster;

namespace Gateway.Actors.Tests.Cluster;

public sealed class BootstrapDecisionTests
{
    private static readonly TimeSpan Stable = BootstrapDecision.StableMargin;
    private static readonly BootstrapDecision B = new("b", Quorum: 2);

    [Fact]
    public void A_cluster_that_is_there_is_joined_whoever_is_lower_and_however_few_have_answered() =>
        Assert.Equal(["x", "y"], new BootstrapDecision("a", Quorum: 5).Decide(Answers(("c", ["y", "x"])), TimeSpan.Zero));

    [Fact]
    public void Of_gateways_that_found_each_other_the_lowest_begins_a_cluster()
    {
        Assert.Equal(["b"], B.Decide(Answers(("c", [])), Stable));
        Assert.Empty(B.Decide(Answers(("a", []), ("c", [])), Stable));
    }

    [Fact]
    public void Nobody_begins_one_before_enough_have_found_each_other_for_long_enough()
    {
        Assert.Empty(B.Decide(Answers(), Stable));
        Assert.Empty(B.Decide(Answers(("c", [])), Stable - TimeSpan.FromSeconds(1)));
        Assert.Empty(new BootstrapDecision("b", Quorum: 3).Decide(Answers(("c", [])), Stable));
        Assert.Equal(["b"], new BootstrapDecision("b", Quorum: 1).Decide(Answers(), Stable));
    }

    [Fact]
    public void An_old_answer_counts_for_nothing()
    {
        var old = new Dictionary<string, (IReadOnlyList<string>, TimeSpan)> { ["c"] = (["x"], BootstrapDecision.AnswerLifetime + TimeSpan.FromSeconds(1)) };
        Assert.Empty(B.Decide(old, Stable));
    }

    [Fact]
    public void A_cluster_of_which_only_this_gateway_is_left_is_none_to_join() =>
        Assert.Empty(B.Decide(Answers(("a", ["b"])), Stable));

    [Fact]
    public void Of_gateways_that_all_found_each_other_at_most_one_begins() =>
        Gen.Int[1, 12].Array[2, 6].Sample(static numbers =>
        {
            string[] names = [.. numbers.Distinct().Select(static number => $"10.0.0.{number}:4053")];
            var begin = names.Count(name => new BootstrapDecision(name, names.Length).Decide(
                names.Where(other => other != name).ToDictionary(static other => other, static _ => ((IReadOnlyList<string>)[], TimeSpan.Zero)), Stable) is [var self] && self == name);
            Assert.Equal(1, begin);
        });

    private static Dictionary<string, (IReadOnlyList<string> Members, TimeSpan Age)> Answers(params (string From, string[] Members)[] answers) =>
        answers.ToDictionary(static answer => answer.From, static answer => ((IReadOnlyList<string>)answer.Members, TimeSpan.Zero));
}
