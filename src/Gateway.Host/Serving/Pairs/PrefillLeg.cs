using System.Buffers;
using Gateway.Actors.Workers;
using Gateway.Host.Serving.Retries;

namespace Gateway.Host.Serving.Pairs;

/// <summary>
/// The prefill half of an attempt by a pair. Its answer is for nobody but for the log-probabilities of the prompt; it is read to its
/// end, so that the connection can be used again and the end of the prefill is known. Its lease is released then: the decode half may
/// go on for minutes.
/// </summary>
internal sealed class PrefillLeg(Exchange exchange, Attempt attempt, ActivityTimeout timeout, PairFate fate)
{
    private const int ReadSize = 4 * 1024;

    /// <summary>Of the prompts, in the order of a batch; empty unless the request asks for them and the worker has given them.</summary>
    public PromptLogprobs Logprobs { get; private set; } = PromptLogprobs.None;

    /// <summary>Sends the request to the prefill worker, and deals with all that comes of it.</summary>
    /// <param name="worker">On which the exchange holds a lease, which this releases.</param>
    /// <param name="members">See <see cref="PairBootstrap"/>.</param>
    /// <returns>How it ended. An answer that is an error is in it; whoever has no use for it must dispose of it.</returns>
    public async Task<AttemptEnd> RunAsync(Worker worker, ReadOnlyMemory<byte> members)
    {
        var end = new AttemptEnd(AttemptOutcome.Cancelled);
        exchange.Trace?.BeginAttempt(worker, exchange.Attempts);
        try
        {
            end = await TryAsync(worker, members);
        }
        finally
        {
            exchange.Lease.Prefill.Release(end.Outcome);
            exchange.Trace?.EndAttempt(exchange, worker, end);
        }

        // A request that was given up ends both halves by itself.
        if (timeout.Cause == StopCause.None && (end.Error is not null || end.Answer is not null))
            fate.FailPrefill();
        return end;
    }

    private async Task<AttemptEnd> TryAsync(Worker worker, ReadOnlyMemory<byte> members)
    {
        HttpResponseMessage? answer = null;
        try
        {
            answer = await attempt.SendAsync(exchange, worker, fate.PrefillToken, members);
            if (answer.IsSuccessStatusCode)
            {
                await ReadAsync(answer);
                return AttemptEnd.Answered((int)answer.StatusCode);
            }

            var mayTryAnother = attempt.MayBeRetried(exchange, worker, answer);
            var error = answer;
            answer = null;
            return (await SetAsideAnswer.TakeAsync(error, fate.PrefillToken)) with { MayTryAnother = mayTryAnother };
        }
        catch (Exception exception) when (UpstreamFailure.Is(exception))
        {
            return timeout.Cause == StopCause.None && fate.PrefillToken.IsCancellationRequested
                ? new AttemptEnd(AttemptOutcome.Cancelled)
                : attempt.Failed(exchange, worker, exception, timeout.Cause);
        }
        finally
        {
            answer?.Dispose();
        }
    }

    private async Task ReadAsync(HttpResponseMessage answer)
    {
        if (PromptLogprobs.AreAskedFor(exchange))
        {
            Logprobs = await PromptLogprobs.ReadAsync(answer, fate.PrefillToken);
            return;
        }

        var body = await answer.Content.ReadAsStreamAsync(fate.PrefillToken);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            while (await body.ReadAsync(buffer, fate.PrefillToken) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
