using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Tests.Support;

namespace Gateway.Actors.Tests.Engines.Generation;

public sealed class AbortQueueTests
{
    [Fact]
    public async Task The_oldest_give_way_when_an_engine_does_not_listen()
    {
        var goOn = new TaskCompletionSource();
        var sent = new List<string>();
        var queue = new AbortQueue(async ids =>
        {
            await goOn.Task;
            sent.AddRange(ids);
        });
        queue.Add("first");
        // Taken out of the queue and waiting for the engine.
        await Eventually.HoldsAsync(() => Assert.Equal(0, queue.Waiting));
        for (var i = 0; i < AbortQueue.Capacity + 10; i++)
            queue.Add($"{i}");
        Assert.Equal(10, queue.Failures);
        goOn.SetResult();
        await queue.CompleteAsync();
        Assert.Equal(["first", .. Enumerable.Range(10, AbortQueue.Capacity).Select(static i => $"{i}")], sent);
    }

    [Fact]
    public async Task A_failure_costs_its_own_aborts_and_no_others()
    {
        var calls = 0;
        var queue = new AbortQueue(_ => calls++ == 0 ? Task.FromException(new IOException("gone")) : Task.CompletedTask);
        queue.Add("a");
        await Eventually.HoldsAsync(() => Assert.Equal(1, queue.Failures));
        queue.Add("b");
        await queue.CompleteAsync();
        Assert.Equal((2, 1L), (calls, queue.Failures));
        queue.Add("c");
        Assert.Equal(2, queue.Failures);
    }
}
