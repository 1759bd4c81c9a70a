using System.Runtime.CompilerServices;
using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;
using Gateway.Host.Serving.Pairs;

namespace Gateway.Host.Serving.Tokens.Pairs;

/// <summary>
/// One try of one request by a prefill and a decode worker that take tokens. The decode worker's steps are the client's answer; what a
/// failure of either half means is the same as over HTTP. See docs/decisions/prefill-decode-pairs.md.
/// </summary>
internal sealed class TokenPairAttempt(TokenAttempt tokens, BrokenAnswer brokenAnswer, TimeProvider time)
{
    /// <param name="exchange">Holds the leases on both; the one on the prefill worker is released when this returns.</param>
    /// <param name="prefill">The prefill worker's engine.</param>
    /// <param name="timeout">The request's clock.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<AttemptEnd> RunAsync(Exchange exchange, GrpcEngineClient prefill, ActivityTimeout timeout)
    {
        var worker = exchange.Lease.Answering.Worker;
        if (exchange.Plan is not GenerationPlan plan || prefill.Pairing is not { } pairing || worker.Client is not GrpcEngineClient decode)
            return AttemptEnd.Unreachable with { Faulty = FaultyHalf.Either };
        if (Divide(plan, pairing, exchange.Lease.Prefill.Worker, worker) is not { } parts)
        {
            exchange.Lease.Prefill.Release(AttemptOutcome.Cancelled);
            exchange.PrefillWorker = null;
            return await tokens.RunAsync(exchange, plan, worker, decode, timeout);
        }

        timeout.AwaitFirstByte();
        var deadline = DateTime.UtcNow + timeout.Remaining;
        using var leg = new TokenPrefillLeg(exchange, parts, prefill, deadline, tokens, timeout);
        AttemptEnd? end = new AttemptEnd(AttemptOutcome.Cancelled);
        try
        {
            var trace = EngineTrace.Of(exchange, worker);
            var generation = Start(plan, parts, leg, (request, stop) => decode.Generate(request, deadline, stop, trace));
            end = await DecodeAsync(exchange, plan, generation, leg, timeout);
            if (end is { Outcome: AttemptOutcome.Success, Error: null } && !leg.End.IsCompleted)
                await PairEnd.LetPrefillEndAsync(exchange, leg.End, time);
        }
        finally
        {
            leg.Stop();
            await ((Task)leg.End).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var prefillEnd = await leg.End;
        if (end is not { } answered)
            return OfPrefill(prefillEnd, parts[0].IsSequential);
        prefillEnd.Answer?.Dispose();
        return answered;
    }

    /// <returns>A part for each generation that is done in halves; null if the decode worker has to do it all.</returns>
    private static List<PairedRequest>? Divide(GenerationPlan plan, IPairing pairing, Worker prefill, Worker decode)
    {
        var each = pairing.DividesChoices ? plan.Sampling.Choices : 1;
        var parts = new List<PairedRequest>(plan.Prompts.Count * each);
        foreach (var prompt in plan.Prompts)
        {
            for (var choice = 0; choice < each; choice++)
            {
                var request = TokenAttempt.Request(plan, prompt, prefill);
                if (each > 1)
                    request = request with { Sampling = request.Sampling with { Choices = 1 } };
                if (pairing.Divide(request, prefill, decode) is not { } part)
                    return null;
                parts.Add(part);
            }
        }

        return parts;
    }

    private IGeneration Start(
        GenerationPlan plan, List<PairedRequest> parts, TokenPrefillLeg leg, Func<GenerationRequest, CancellationToken, IGeneration> start)
    {
        if (parts.Count == 1)
            return new DecodeHalf(parts[0], leg.AnswerOf(0), start, leg.FateOf(0), time);
        var halves = new IGeneration[parts.Count];
        for (var i = 0; i < halves.Length; i++)
            halves[i] = new DecodeHalf(parts[i], leg.AnswerOf(i), start, leg.FateOf(i), time);
        return new BatchGeneration(halves, plan.Choices / halves.Length);
    }

    /// <returns>How it ended for the decode worker and for the request; null if the prefill half failed, and counts.</returns>
    private async ValueTask<AttemptEnd?> DecodeAsync(
        Exchange exchange, GenerationPlan plan, IGeneration generation, TokenPrefillLeg leg, ActivityTimeout timeout)
    {
        var worker = exchange.Lease.Answering.Worker;
        using var writer = plan.CreateWriter(exchange.Context.Response);
        using var run = new AnswerRun(exchange, plan, writer, timeout);
        try
        {
            await using (generation)
            {
                await run.ReadAsync(generation);
                await run.CompleteAsync();
            }

            return AttemptEnd.Answered(StatusCodes.Status200OK);
        }
        catch (Exception exception) when (exception is EngineException || UpstreamFailure.Is(exception))
        {
            if (run.HasBegun)
                return await BreakAsync(exchange, plan, exception, timeout.Cause);
            if (exception is PrefillLostException || !leg.TryHandOver())
                return null;
            var end = tokens.Failed(exchange, worker, exception, timeout.Cause);
            return end.Answer is null ? end : PairEnd.Blame(end, leg.End);
        }
    }

    private async ValueTask<AttemptEnd?> BreakAsync(Exchange exchange, GenerationPlan plan, Exception exception, StopCause cause)
    {
        var isPrefill = exception is PrefillLostException;
        var faulty = isPrefill ? exchange.PrefillWorker! : exchange.Lease.Answering.Worker;
        var end = await brokenAnswer.EndAsync(exchange, faulty, TokenAttempt.Shape(plan), isBetweenEvents: true, cause, exception);
        return isPrefill ? end with { Outcome = AttemptOutcome.Cancelled } : end;
    }

    /// <summary>The prefill half has failed before the first byte. A decode half that was not even asked is not to blame for it.</summary>
    private static AttemptEnd OfPrefill(AttemptEnd end, bool isSequential) => end with
    {
        Outcome = AttemptOutcome.Cancelled,
        Faulty = end.Answer is null || isSequential ? FaultyHalf.Prefill : FaultyHalf.Either,
    };
}
