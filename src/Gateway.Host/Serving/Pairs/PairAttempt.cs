using System.Runtime.CompilerServices;
using Gateway.Actors.Engines;
using Gateway.Actors.Workers;
using Gateway.Host.Serving.Retries;
using Gateway.Host.Serving.Tokens.Pairs;

namespace Gateway.Host.Serving.Pairs;

/// <summary>
/// One try of one request by a prefill and a decode worker. Both are sent it at once, and the decode worker's answer is relayed as soon as
/// its head is here, whether the prefill worker has answered or not. See docs/decisions/prefill-decode-pairs.md.
/// </summary>
internal sealed class PairAttempt(Attempt attempt, TokenPairAttempt tokens, ResponseRelay relay, TimeProvider time)
{
    /// <param name="exchange">Holds the leases on both; the one on the prefill worker is released when this returns.</param>
    /// <param name="timeout">The request's clock.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptEnd> RunAsync(Exchange exchange, ActivityTimeout timeout)
    {
        var prefill = exchange.Lease.Prefill.Worker;
        if (prefill.Client is GrpcEngineClient engine)
            return await tokens.RunAsync(exchange, engine, timeout);
        timeout.AwaitFirstByte();
        using var fate = new PairFate(timeout.Token);
        var members = PairBootstrap.Members(prefill, PromptBatch.Count(exchange.Peek.Prompt(exchange.Body!.Span)));
        var leg = new PrefillLeg(exchange, attempt, timeout, fate);
        var prefillEnd = leg.RunAsync(prefill, members);
        var end = new AttemptEnd(AttemptOutcome.Cancelled);
        try
        {
            end = await DecodeAsync(exchange, DataParallelRank.AddOfPrefill(members, prefill), fate, leg, prefillEnd, timeout);
            if (end.Outcome == AttemptOutcome.Success && !prefillEnd.IsCompleted)
                await PairEnd.LetPrefillEndAsync(exchange, prefillEnd, time);
        }
        finally
        {
            fate.StopPrefill();
            await ((Task)prefillEnd).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (fate.PrefillFailed)
            return await EndAsync(exchange, prefill, await prefillEnd, timeout);
        (await prefillEnd).Answer?.Dispose();
        return end;
    }

    private async ValueTask<AttemptEnd> DecodeAsync(
        Exchange exchange, ReadOnlyMemory<byte> members, PairFate fate, PrefillLeg leg, Task<AttemptEnd> prefillEnd, ActivityTimeout timeout)
    {
        var worker = exchange.Lease.Answering.Worker;
        HttpResponseMessage? response = null;
        try
        {
            response = await attempt.SendAsync(exchange, worker, fate.DecodeToken, members);
            if (!attempt.MayBeRetried(exchange, worker, response))
            {
                var end = await relay.RunAsync(exchange, worker, response, timeout, Body(exchange, response, fate, leg, prefillEnd));
                return end.Answer is null ? end : PairEnd.Blame(await attempt.SettleAsync(exchange, worker, end, timeout), prefillEnd);
            }

            if (!fate.TryHandOver())
                return new AttemptEnd(AttemptOutcome.Cancelled);
            var answer = response;
            response = null;
            return PairEnd.Blame(await SetAsideAnswer.TakeAsync(answer, timeout.Token), prefillEnd);
        }
        catch (Exception exception) when (UpstreamFailure.Is(exception))
        {
            return fate.TryHandOver()
                ? attempt.Failed(exchange, worker, exception, timeout.Cause)
                : new AttemptEnd(AttemptOutcome.Cancelled);
        }
        finally
        {
            response?.Dispose();
        }
    }

    private static Stream Body(
        Exchange exchange, HttpResponseMessage response, PairFate fate, PrefillLeg leg, Task<AttemptEnd> prefillEnd)
    {
        var body = new DecodeAnswer(response.Content.ReadAsStream(CancellationToken.None), fate);
        if (!PromptLogprobs.AreAskedFor(exchange) || !response.IsSuccessStatusCode)
            return body;
        // It will be longer.
        response.Content.Headers.ContentLength = null;
        return new MergedLogprobs(body, leg, prefillEnd, AnswerShape.Of(response, exchange.Endpoint!).IsEventStream);
    }

    /// <summary>The prefill half has failed before the first byte, and the decode half was cancelled for it.</summary>
    private async ValueTask<AttemptEnd> EndAsync(Exchange exchange, Worker prefill, AttemptEnd end, ActivityTimeout timeout)
    {
        if (end.Answer is null || end.MayTryAnother)
            return end with { Outcome = AttemptOutcome.Cancelled, Faulty = end.Answer is null ? FaultyHalf.Prefill : FaultyHalf.Either };
        using var answer = end.Answer;
        try
        {
            return (await relay.RunAsync(exchange, prefill, answer, timeout)) with { Outcome = AttemptOutcome.Cancelled };
        }
        catch (Exception exception) when (UpstreamFailure.Is(exception))
        {
            return attempt.Failed(exchange, prefill, exception, timeout.Cause) with { Outcome = AttemptOutcome.Cancelled };
        }
    }
}
