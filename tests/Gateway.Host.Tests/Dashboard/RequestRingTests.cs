using Gateway.Host.Dashboard.Requests;

namespace Gateway.Host.Tests.Dashboard;

public sealed class RequestRingTests
{
    private readonly RequestRing _ring = new();
    private readonly List<RequestRecord> _found = [];

    [Fact]
    public void Who_reads_on_sees_each_request_once_in_order()
    {
        long next = 0;
        Add(3);
        Assert.Equal(0, _ring.Read(ref next, 100, _found));
        Assert.Equal([0, 1, 2], Numbers());
        Add(2);
        Assert.Equal(0, _ring.Read(ref next, 100, _found));
        Assert.Equal([3, 4], Numbers());
        Assert.Equal(0, _ring.Read(ref next, 100, _found));
        Assert.Empty(_found);
    }

    [Fact]
    public void Of_more_than_one_wants_the_newest_are_read_and_the_others_counted()
    {
        long next = 0;
        Add(10);

        Assert.Equal(7, _ring.Read(ref next, 3, _found));

        Assert.Equal([7, 8, 9], Numbers());
        Assert.Equal(10, next);
    }

    [Fact]
    public void What_was_overwritten_is_counted_as_missed()
    {
        long next = 5;
        Add(RequestRing.Capacity + 20);

        Assert.Equal(15, _ring.Read(ref next, int.MaxValue, _found));

        Assert.Equal(RequestRing.Capacity, _found.Count);
        Assert.Equal(20, _found[0].Number);
    }

    [Fact]
    public async Task Many_writers_lose_nothing_that_is_not_counted()
    {
        const int Writers = 4;
        const int Each = 20_000;
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(() => Add(Each))));
        var (next, seen, missed, last) = (0L, 0L, 0L, -1L);
        while (next < Writers * Each)
        {
            missed += _ring.Read(ref next, int.MaxValue, _found);
            seen += _found.Count;
            foreach (var record in _found)
            {
                Assert.True(record.Number > last);
                last = record.Number;
            }
        }

        await writing;
        Assert.Equal(Writers * Each, seen + missed);
    }

    private IEnumerable<long> Numbers() => _found.Select(static record => record.Number);

    private void Add(int count)
    {
        for (var i = 0; i < count; i++)
            _ring.Add(AnyRequest.Ended());
    }
}
