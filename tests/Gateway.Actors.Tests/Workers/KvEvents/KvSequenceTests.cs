using Gateway.Actors.Workers.KvEvents;

namespace Gateway.Actors.Tests.Workers.KvEvents;

public sealed class KvSequenceTests
{
    private readonly KvSequence _sequence = new();

    [Fact]
    public void A_history_may_begin_anywhere_and_goes_on_by_one()
    {
        Assert.Equal([KvBatchPlace.Next, KvBatchPlace.Next, KvBatchPlace.AfterGap], Places((0, 40), (0, 41), (0, 43)));
    }

    [Fact]
    public void What_was_here_before_is_known() => Assert.Equal([KvBatchPlace.Next, KvBatchPlace.Repeated], Places((0, 40), (0, 40)));

    [Fact]
    public void Ranks_may_count_by_themselves() => Assert.All(Places((0, 7), (1, 3), (0, 8), (1, 4), (1, 5), (0, 9)), static place => Assert.Equal(KvBatchPlace.Next, place));

    [Fact]
    public void Ranks_may_count_together() => Assert.All(Places((0, 7), (1, 8), (1, 9), (0, 10), (1, 11)), static place => Assert.Equal(KvBatchPlace.Next, place));

    [Fact]
    public void A_gap_in_one_rank_is_one() => Assert.Equal(KvBatchPlace.AfterGap, Places((0, 7), (1, 3), (0, 9))[^1]);

    private KvBatchPlace[] Places(params (int Rank, ulong Number)[] batches) =>
        [.. batches.Select(batch => _sequence.Place(batch.Rank, batch.Number))];
}
