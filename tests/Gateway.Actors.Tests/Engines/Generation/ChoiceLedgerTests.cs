using CsCheck;
using Gateway.Actors.Engines.Generation;
using Google.Protobuf.Collections;

namespace Gateway.Actors.Tests.Engines.Generation;

/// <summary>What is new in what comes, whatever the engine's habit at the end of a choice.</summary>
public sealed class ChoiceLedgerTests
{
    private static readonly Gen<uint[][]> Deltas = Gen.UInt[0, 5].Array[1, 4].Array[0, 8];

    /// <summary>In each of them the tokens are the same; what comes last, and how it is counted, is not.</summary>
    public static TheoryData<string> Habits => ["all", "last again, counted by itself", "last again, with the sum", "nothing, with the sum"];

    [Theory]
    [MemberData(nameof(Habits))]
    public void Each_token_comes_once_whatever_is_repeated_at_the_end(string habit) => Deltas.Sample(deltas =>
    {
        var ledger = new ChoiceLedger(1);
        var got = new List<int>();
        foreach (var delta in deltas)
            got.AddRange(ledger.Take(0, Ids(delta)).Span);
        var all = deltas.SelectMany(static delta => delta).ToArray();
        var (last, told) = habit switch
        {
            "all" => (all, all.Length),
            "last again, counted by itself" => (deltas.LastOrDefault([]), deltas.LastOrDefault([]).Length),
            "last again, with the sum" => (deltas.LastOrDefault([]), all.Length),
            _ => ([], all.Length),
        };
        got.AddRange(ledger.TakeLast(0, Ids(last), told).Span);
        Assert.Equal(all.Select(static token => (int)token), got);
        Assert.Equal(all.Length, ledger.CompletionTokens(0, told));
        Assert.True(ledger.IsFinished);
    });

    [Fact]
    public void What_comes_at_the_end_for_the_first_time_is_new_when_the_sum_says_so() => Gen.Select(Deltas, Gen.UInt[0, 5].Array[1, 4]).Sample((deltas, last) =>
    {
        var all = deltas.SelectMany(static delta => delta).Concat(last).ToArray();
        var ledger = new ChoiceLedger(1);
        var got = new List<int>();
        foreach (var delta in deltas)
            got.AddRange(ledger.Take(0, Ids(delta)).Span);
        got.AddRange(ledger.TakeLast(0, Ids(last), all.Length).Span);
        Assert.Equal(all.Select(static token => (int)token), got);
    });

    [Fact]
    public void New_tokens_at_the_end_that_are_counted_by_themselves_are_not_lost()
    {
        var ledger = new ChoiceLedger(1);
        ledger.Take(0, Ids([1, 2, 3]));
        Assert.Equal([4], ledger.TakeLast(0, Ids([4]), told: 1).ToArray());
    }

    [Fact]
    public void Choices_are_kept_apart_and_all_must_finish()
    {
        var ledger = new ChoiceLedger(2);
        ledger.Take(1, Ids([1, 2]));
        ledger.TakeLast(1, Ids([1, 2]), 2);
        Assert.False(ledger.IsFinished);
        Assert.Equal([1, 2], ledger.TakeLast(0, Ids([1, 2]), 2).ToArray());
        Assert.True(ledger.IsFinished);
    }

    [Fact]
    public void A_choice_that_nobody_asked_for_is_the_engines_failure() =>
        Assert.Equal(EngineFault.Failed, Assert.Throws<EngineException>(static () => new ChoiceLedger(1).Take(1, Ids([1]))).Fault);

    private static RepeatedField<uint> Ids(uint[] tokens) => [.. tokens];
}
