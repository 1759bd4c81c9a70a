using Gateway.Host.Admission;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Admission;

/// <summary>The same rules where many threads come and go at once, which no history of single steps shows.</summary>
public sealed class AdmissionQueueThreadsTests
{
    private const int Cap = 4;
    private const int Clients = 24;
    private const int RequestsEach = 400;

    [Fact]
    public async Task Under_contention_the_cap_holds_nobody_is_left_waiting_and_the_counts_end_at_zero()
    {
        var limits = new LimitOptions { MaxConcurrentRequests = Cap, QueueSize = Clients };
        var queue = new AdmissionQueue(new GatewayOptions { Limits = limits }, TimeProvider.System);
        Seat[] seats =
        [
            new(QueueUnderTest.TenantOf("a"), null),
            new(QueueUnderTest.TenantOf("b", most: 2), new ConcurrencyLimit(2)),
            new(QueueUnderTest.TenantOf("c", most: 1), new ConcurrencyLimit(3)),
        ];
        var running = 0;
        var most = 0;
        var served = 0;
        var gone = 0;

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            var random = new Random(client);
            for (var i = 0; i < RequestsEach; i++)
            {
                var seat = seats[random.Next(seats.Length)];
                using var clientGone = new CancellationTokenSource();
                try
                {
                    if (!queue.TryEnter(seat))
                    {
                        var turn = queue.WaitAsync(seat, (RequestPriority)random.Next(4), clientGone.Token);
                        if (random.Next(8) == 0)
                            await clientGone.CancelAsync();
                        Assert.Null(await turn);
                    }
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref gone);
                    continue;
                }

                InterlockedMax(ref most, Interlocked.Increment(ref running));
                if (random.Next(2) == 0)
                    await Task.Yield();
                Interlocked.Decrement(ref running);
                Interlocked.Increment(ref served);
                queue.Leave(seat);
            }
        }))).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(Clients * RequestsEach, served + gone);
        Assert.InRange(most, 1, Cap);
        Assert.Equal(0, queue.Running);
        Assert.Equal(0, queue.Waiting);
        Assert.All(seats, static seat => Assert.False(seat.HasWaiters));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref most, value, seen);
            if (before == seen)
                return;
            seen = before;
        }
    }
}
