using System.Runtime.CompilerServices;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Api;
using Gateway.Host.Serving.Pairs;
using Gateway.Host.Serving.Retries;

namespace Gateway.Host.Serving;

/// <summary>
/// Tries a request on one worker after the other until one answers well, or <see cref="NextAttempt"/> finds none to try any more; the client
/// then gets the last answer that an engine gave, if any did. Each attempt reads the current snapshot anew.
/// </summary>
internal sealed class AttemptLoop(
    WorkerPick pick,
    Attempt attempt,
    PairAttempt pair,
    HedgedAttempt hedged,
    NextAttempt next,
    RetryBudget budget,
    ResponseRelay relay,
    ActivityTimeoutPool timeouts,
    RetryRules retries,
    TimeProvider time)
{
    /// <summary>Serves an exchange whose model is known.</summary>
    /// <returns>Null if the client has its answer or is gone, else what to answer.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<GatewayError?> RunAsync(Exchange exchange)
    {
        using var timeout = timeouts.Rent(exchange.Context.RequestAborted);
        exchange.Clock = timeout;
        budget.CountRequest(exchange.StartTimestamp);
        if (!pick.TryPick(exchange, in TriedWorkers.None, out exchange.Lease))
            return GatewayError.NoHealthyWorkers;
        FailedAttempts? failed = null;
        try
        {
            while (exchange.Lease.IsHeld)
            {
                var worker = exchange.Lease.Answering.Worker;
                exchange.Worker = worker;
                exchange.PrefillWorker = exchange.Lease.IsPair ? exchange.Lease.Prefill.Worker : null;
                exchange.Attempts++;
                exchange.Trace?.BeginAttempt(worker, exchange.Attempts);
                var end = new AttemptEnd(AttemptOutcome.Cancelled);
                try
                {
                    if (exchange.Lease.IsPair)
                        end = await pair.RunAsync(exchange, timeout);
                    else if (hedged.IsFor(exchange))
                        end = await hedged.RunAsync(exchange, worker, failed ??= new FailedAttempts(retries.For(exchange.Model), time), timeout);
                    else
                        end = await attempt.RunAsync(exchange, worker, timeout);
                }
                finally
                {
                    exchange.Lease.Release(end.Outcome);
                    exchange.Trace?.EndAttempt(exchange, worker, end);
                }

                if (!end.MayTryAnother)
                    return end.Error;
                failed ??= new FailedAttempts(retries.For(exchange.Model), time);
                failed.Add(worker, exchange.PrefillWorker, end);
                exchange.Lease = await next.PickAsync(exchange, failed, timeout);
            }

            return await LastWordAsync(exchange, failed!, timeout);
        }
        finally
        {
            failed?.Dispose();
            timeout.Pause();
            exchange.Times.Engine = timeout.Waited;
            exchange.Clock = null;
        }
    }

    private async ValueTask<GatewayError?> LastWordAsync(Exchange exchange, FailedAttempts failed, ActivityTimeout timeout)
    {
        if (failed.Answer is null)
            return failed.Error;
        try
        {
            return (await relay.RunAsync(exchange, exchange.Worker!, failed.Answer, timeout)).Error;
        }
        catch (OperationCanceledException)
        {
            if (timeout.Cause == StopCause.ClientGone)
                exchange.Ending = ExchangeEnding.ClientGone;
            return AttemptEnd.GivenUp(timeout.Cause).Error;
        }
    }
}
