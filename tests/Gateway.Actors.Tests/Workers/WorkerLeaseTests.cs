using CsCheck;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Workers;

public sealed class WorkerLeaseTests
{
    [Fact]
    public void Load_is_the_number_of_leases_held()
    {
        var worker = Make.Worker();
        Assert.True(WorkerLease.TryAcquire(worker, out var first));
        Assert.True(WorkerLease.TryAcquire(worker, out var second));
        Assert.Equal(2, worker.Load);
        first.Release(AttemptOutcome.Success);
        Assert.Equal(1, worker.Load);
        second.Release(AttemptOutcome.Cancelled);
        Assert.Equal(0, worker.Load);
    }

    [Fact]
    public void A_second_release_does_nothing()
    {
        var worker = Make.Worker();
        Assert.True(WorkerLease.TryAcquire(worker, out var lease));
        lease.Release(AttemptOutcome.Success);
        lease.Release(AttemptOutcome.Failure);
        Assert.Equal((0, 0), (worker.Load, worker.Breaker.ConsecutiveFailures));
        Assert.False(lease.IsHeld);
        Assert.Throws<InvalidOperationException>(() => lease.Worker);
    }

    [Fact]
    public void A_closed_worker_gives_no_lease_and_keeps_those_it_gave()
    {
        var worker = Make.Worker();
        Assert.True(WorkerLease.TryAcquire(worker, out var lease));
        worker.Close();
        Assert.False(WorkerLease.TryAcquire(worker, out _));
        Assert.Equal(1, worker.Load);
        Assert.False(worker.ClosedAndIdle.IsCompleted);
        lease.Release(AttemptOutcome.Success);
        Assert.True(worker.ClosedAndIdle.IsCompleted);
    }

    [Fact]
    public void A_worker_whose_breaker_is_open_gives_no_lease_and_counts_none()
    {
        var worker = Make.Worker(breaker: new BreakerSettings { FailureThreshold = 1 });
        Assert.True(WorkerLease.TryAcquire(worker, out var lease));
        lease.Release(AttemptOutcome.Failure);
        Assert.False(WorkerLease.TryAcquire(worker, out _));
        Assert.Equal(0, worker.Load);
    }

    [Fact]
    public void Pending_prompt_bytes_are_those_of_the_leases_whose_prefill_has_not_ended() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 300_000]).Array[0, 60].Sample(steps =>
        {
            var worker = Make.Worker();
            var leases = new WorkerLease[6];
            var pending = new long[6];
            foreach (var (action, slot, bytes) in steps)
            {
                if (action <= 1 && !leases[slot].IsHeld)
                {
                    Assert.True(WorkerLease.TryAcquire(worker, bytes, out leases[slot]));
                    pending[slot] = bytes;
                }
                else if (action <= 2)
                {
                    leases[slot].EndPrefill();
                    pending[slot] = 0;
                }
                else
                {
                    leases[slot].Release((AttemptOutcome)(bytes % 2));
                    pending[slot] = 0;
                }

                Assert.Equal(pending.Sum(), worker.PendingPromptBytes);
                Assert.Equal(leases.Count(static lease => lease.IsHeld), worker.Load);
            }
        });

    [Fact]
    public void A_lease_that_was_refused_leaves_nothing_pending()
    {
        var closed = Make.Worker();
        closed.Close();
        var broken = Make.Worker(breaker: new BreakerSettings { FailureThreshold = 1 });
        Assert.True(WorkerLease.TryAcquire(broken, out var lease));
        lease.Release(AttemptOutcome.Failure);
        Assert.False(WorkerLease.TryAcquire(closed, 1000, out _));
        Assert.False(WorkerLease.TryAcquire(broken, 1000, out _));
        Assert.Equal((0, 0), (closed.PendingPromptBytes, broken.PendingPromptBytes));
    }

    [Fact]
    public async Task The_client_is_disposed_of_once_after_the_last_lease_however_close_and_release_race()
    {
        for (var round = 0; round < 500; round++)
        {
            var worker = Make.Worker();
            var client = new FakeClient();
            Assert.True(worker.TryAdopt(client));
            Assert.True(WorkerLease.TryAcquire(worker, out var lease));
            await Task.WhenAll(
                Task.Run(worker.Close),
                Task.Run(() =>
                {
                    Assert.False(client.IsDisposed);
                    lease.Release(AttemptOutcome.Success);
                }));
            await worker.ClosedAndIdle.WaitAsync(Eventually.Limit);
            Assert.Equal(0, worker.Load);
            Assert.True(SpinWait.SpinUntil(() => client.IsDisposed, Eventually.Limit));
        }
    }

    [Fact]
    public void A_client_adopted_after_the_close_is_disposed_of()
    {
        var worker = Make.Worker();
        worker.Close();
        var client = new FakeClient();
        Assert.True(worker.TryAdopt(client));
        Assert.True(SpinWait.SpinUntil(() => client.IsDisposed, Eventually.Limit));
    }

    [Fact]
    public void The_client_is_set_once()
    {
        var worker = Make.Worker();
        var first = new FakeClient();
        Assert.True(worker.TryAdopt(first));
        Assert.False(worker.TryAdopt(new FakeClient()));
        Assert.Same(first, worker.Client);
    }

    [Fact]
    public async Task Under_contention_every_lease_is_counted_and_released()
    {
        var worker = Make.Worker();
        await Parallel.ForAsync(0, 8, (_, _) =>
        {
            for (var i = 0; i < 5000; i++)
            {
                Assert.True(WorkerLease.TryAcquire(worker, 10, out var lease));
                Assert.InRange(worker.Load, 1, 8);
                Assert.InRange(worker.PendingPromptBytes, 10, 80);
                lease.Release(AttemptOutcome.Success);
            }

            return ValueTask.CompletedTask;
        });
        Assert.Equal((0, 0), (worker.Load, worker.PendingPromptBytes));
    }
}
