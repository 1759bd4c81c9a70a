using System.Text;
using Gateway.LoadBench.Client;

namespace Gateway.Host.Tests.Benches;

public sealed class EventGapsTests
{
    [Fact]
    public void A_gap_is_the_time_between_two_events()
    {
        Assert.Equal([30L, 5L], Gaps(("data: 1\n\n", 100), ("data: 2\n\n", 130), ("data: 3\n\n", 135)));
    }

    [Fact]
    public void Events_that_come_together_have_no_time_between_them()
    {
        Assert.Equal([50L, 0L], Gaps(("data: 1\n\n", 100), ("data: 2\n\ndata: 3\n\n", 150)));
    }

    [Fact]
    public void An_event_is_there_when_its_last_byte_is()
    {
        Assert.Equal([40L], Gaps(("data: 1\n\n", 100), ("data: 2\n", 110), ("\n", 140)));
    }

    [Fact]
    public void The_next_answer_begins_anew()
    {
        var gaps = new EventGaps();
        gaps.Note("data: 1\n\n"u8, 100);
        gaps.Reset();
        gaps.Note("data: 1\n\n"u8, 900);
        gaps.Note("data: 1\n\ndata: 2\n\n"u8, 920);
        Assert.Equal([20L], gaps.Ticks);
    }

    private static IReadOnlyList<long> Gaps(params (string Bytes, long At)[] reads)
    {
        var gaps = new EventGaps();
        var body = "";
        foreach (var (bytes, at) in reads)
            gaps.Note(Encoding.UTF8.GetBytes(body += bytes), at);
        return gaps.Ticks;
    }
}
