using Gateway.Actors.Workers;

namespace Gateway.Host.Serving.Retries;

/// <summary>
/// Decides whether a request that has failed gets another attempt, when, and on which worker. A worker that it has not tried is asked at
/// once: it is not the one that failed, or asked for time. Only when all have been tried does it wait, and then asks them again, but never
/// one whose connection failed, nor one before the time it asked for. See docs/decisions/retrying.md.
/// </summary>
internal sealed class NextAttempt(WorkerPick pick, RetryBudget budget, TimeProvider time)
{
    /// <returns>A lease on the worker to try, or one that is not held if the request has had its last attempt.</returns>
    public ValueTask<AttemptLease> PickAsync(Exchange exchange, FailedAttempts failed, ActivityTimeout timeout)
    {
        timeout.Pause();
        if (!failed.Retry.AllowsAfter(exchange.Attempts))
            return default;
        if (!TryPickUntried(exchange, failed, out var lease))
            return WaitAsync(exchange, failed, timeout);
        if (!budget.TryTake())
            lease.Release(AttemptOutcome.Cancelled);
        return new ValueTask<AttemptLease>(lease);
    }

    private async ValueTask<AttemptLease> WaitAsync(Exchange exchange, FailedAttempts failed, ActivityTimeout timeout)
    {
        var delay = RetryBackoff.Delay(failed.Retry, failed.Waits++, Random.Shared.NextDouble());
        var asked = failed.UntilFirstIsDue;
        if (asked > failed.Retry.MaxBackoff)
            return default;
        if (asked > delay)
            delay = asked;
        if (delay >= timeout.Remaining || !AnyLeft(exchange, failed) || !budget.TryTake())
            return default;
        // The plan and not the clock decides afterwards who is due: a timer may fire a little early.
        var planned = failed.TimeIn(delay);
        var since = time.GetTimestamp();
        try
        {
            await Task.Delay(delay, time, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            if (timeout.Cause == StopCause.ClientGone)
                exchange.Ending = ExchangeEnding.ClientGone;
            failed.GiveUp(AttemptEnd.GivenUp(timeout.Cause).Error);
            return default;
        }
        finally
        {
            exchange.Times.Backoff += time.GetTimestamp() - since;
        }

        return TryPickUntried(exchange, failed, out var lease) || TryPickAgain(exchange, failed, planned, out lease) ? lease : default;
    }

    private bool TryPickUntried(Exchange exchange, FailedAttempts failed, out AttemptLease lease)
    {
        var tried = failed.All;
        return pick.TryPick(exchange, in tried, out lease);
    }

    /// <summary>Another than the last one, if another is due.</summary>
    private bool TryPickAgain(Exchange exchange, FailedAttempts failed, long now, out AttemptLease lease)
    {
        var others = failed.NotDueOrLast(now);
        if (pick.TryPick(exchange, in others, out lease))
            return true;
        var notDue = failed.NotDueAt(now);
        return pick.TryPick(exchange, in notDue, out lease);
    }

    private bool AnyLeft(Exchange exchange, FailedAttempts failed)
    {
        var excluded = failed.Excluded;
        return pick.AnyEligible(exchange, in excluded);
    }
}
