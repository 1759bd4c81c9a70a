using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Serving.Retries;

/// <summary>
/// An attempt that is joined by a second one on another worker if it has no answer after a while; the first good answer wins and the other
/// attempt is aborted on its engine ("hedged requests": Dean and Barroso, "The Tail at Scale", CACM 2013). Only for requests that do not
/// stream: with those, nothing has been sent to the client before the whole answer is there. The second attempt is paid from the budget.
/// </summary>
internal sealed class HedgedAttempt(Attempt attempt, WorkerPick pick, RetryBudget budget, GatewayOptions options, TimeProvider time)
{
    private readonly TimeSpan _after = options.Retry.HedgeAfter;

    /// <summary>Only a request's first attempt is hedged.</summary>
    public bool IsFor(Exchange exchange) =>
        _after > TimeSpan.Zero && exchange.Attempts == 1 && exchange.Body is not null && exchange.Plan is null && !exchange.Peek.Stream;

    /// <returns>How it ended for <paramref name="worker"/> and for the request. What it means for a second worker is dealt with here.</returns>
    public async ValueTask<AttemptEnd> RunAsync(Exchange exchange, Worker worker, FailedAttempts failed, ActivityTimeout timeout)
    {
        timeout.AwaitFirstByte();
        using var first = new Call(attempt, exchange, worker, timeout.Token);
        await first.EndsWithin(_after, time);
        if (first.Sent.IsCompleted || !TryPickOther(exchange, worker, failed, out var lease))
            return await attempt.RunAsync(exchange, worker, timeout, first.Sent);

        exchange.Attempts++;
        var other = lease.Answering.Worker;
        exchange.Trace?.BeginAttempt(other, exchange.Attempts);
        var outcome = AttemptOutcome.Cancelled;
        try
        {
            using var second = new Call(attempt, exchange, other, timeout.Token);
            var end = await RaceAsync(exchange, first, second, failed, timeout);
            outcome = end.Second;
            return end.First;
        }
        finally
        {
            lease.Release(outcome);
            exchange.Trace?.EndAttempt(exchange, other, new AttemptEnd(outcome));
        }
    }

    private bool TryPickOther(Exchange exchange, Worker worker, FailedAttempts failed, out AttemptLease lease)
    {
        var avoid = default(TriedWorkers);
        avoid.Add(worker.Id);
        lease = default;
        if (!failed.Retry.AllowsAfter(exchange.Attempts) || !pick.TryPick(exchange, in avoid, out lease))
            return false;
        // A pair may have come up meanwhile; then there is no other to race with.
        if (!lease.IsPair && budget.TryTake())
            return true;
        lease.Release(AttemptOutcome.Cancelled);
        return false;
    }

    private async ValueTask<(AttemptEnd First, AttemptOutcome Second)> RaceAsync(
        Exchange exchange, Call first, Call second, FailedAttempts failed, ActivityTimeout timeout)
    {
        await Task.WhenAny(first.Sent, second.Sent);
        if (!IsGood(first) && !IsGood(second))
            await Task.WhenAll((Task)first.Sent, second.Sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        if (IsGood(first))
        {
            var lost = await LoseAsync(second);
            RouteReceipt.Correct(exchange, first.Worker);
            return (await attempt.RunAsync(exchange, first.Worker, timeout, first.Sent), lost);
        }

        if (IsGood(second))
        {
            exchange.Worker = second.Worker;
            var lost = await LoseAsync(first);
            var won = await attempt.RunAsync(exchange, second.Worker, timeout, second.Sent);
            // Its body may still fail to come; then the first worker, whose attempt was given up for it, counts as tried as well.
            if (won.MayTryAnother)
                failed.Add(second.Worker, prefill: null, won);
            return (won with { Outcome = lost }, won.Outcome);
        }

        var end = await attempt.RunAsync(exchange, second.Worker, timeout, second.Sent);
        if (end.MayTryAnother)
            failed.Add(second.Worker, prefill: null, end);
        return (await attempt.RunAsync(exchange, first.Worker, timeout, first.Sent), end.Outcome);

        bool IsGood(Call call) => attempt.IsGood(exchange, call.Worker, call.Sent);

        // One that has failed by itself tells of its worker; the other one is aborted.
        async ValueTask<AttemptOutcome> LoseAsync(Call call)
        {
            if (call.Sent.IsCompleted && !IsGood(call))
            {
                var failure = await attempt.RunAsync(exchange, call.Worker, timeout, call.Sent);
                failure.Answer?.Dispose();
                return failure.Outcome;
            }

            await call.AbortAsync();
            return AttemptOutcome.Cancelled;
        }
    }

    /// <summary>A request on its way to one engine.</summary>
    private sealed class Call : IDisposable
    {
        private readonly CancellationTokenSource _abort;

        public Call(Attempt attempt, Exchange exchange, Worker worker, CancellationToken stop)
        {
            Worker = worker;
            _abort = CancellationTokenSource.CreateLinkedTokenSource(stop);
            Sent = attempt.SendAsync(exchange, worker, _abort.Token);
        }

        public Worker Worker { get; }

        public Task<HttpResponseMessage> Sent { get; }

        public async Task EndsWithin(TimeSpan limit, TimeProvider time) =>
            await ((Task)Sent).WaitAsync(limit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        public async Task AbortAsync()
        {
            await _abort.CancelAsync();
            await ((Task)Sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Sent.IsCompletedSuccessfully)
                (await Sent).Dispose();
        }

        public void Dispose() => _abort.Dispose();
    }
}
