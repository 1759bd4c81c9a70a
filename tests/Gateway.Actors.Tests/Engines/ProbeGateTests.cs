using Gateway.Actors.Engines;

namespace Gateway.Actors.Tests.Engines;

public sealed class ProbeGateTests
{
    [Fact]
    public async Task No_more_probes_run_at_once_than_the_limit_and_all_have_their_turn()
    {
        var gate = new ProbeGate(3);
        var running = 0;
        var most = 0;
        var probes = Enumerable.Range(0, 200).Select(_ => gate.EnterAsync(
            async cancellation =>
            {
                var now = Interlocked.Increment(ref running);
                lock (gate)
                    most = Math.Max(most, now);
                await Task.Yield();
                return Interlocked.Decrement(ref running);
            },
            CancellationToken.None));
        await Task.WhenAll(probes);
        Assert.InRange(most, 1, 3);
        Assert.Equal(0, running);
    }

    [Fact]
    public async Task A_probe_that_fails_or_is_cancelled_gives_its_place_back()
    {
        var gate = new ProbeGate(1);
        await Assert.ThrowsAsync<IOException>(() => gate.EnterAsync<int>(static _ => throw new IOException(), CancellationToken.None));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gate.EnterAsync(static _ => Task.FromResult(1), cancelled.Token));
        Assert.Equal(2, await gate.EnterAsync(static _ => Task.FromResult(2), CancellationToken.None));
    }
}
