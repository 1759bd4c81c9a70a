using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;
using Gateway.Host.Serving.Pairs;

namespace Gateway.Host.Serving.Tokens.Pairs;

/// <summary>
/// The prefill half of an attempt by a pair of token-in engines: a generation for each that the decode half does. Each is read to its end;
/// when the last has ended, the lease on the prefill worker is released.
/// </summary>
internal sealed class TokenPrefillLeg : IDisposable
{
    private readonly Exchange _exchange;
    private readonly TokenAttempt _tokens;
    private readonly ActivityTimeout _timeout;
    private readonly PairFate[] _fates;
    private readonly Task<PrefillAnswer>[] _answers;
    private Exception? _failure;

    /// <param name="exchange">Holds the lease on the prefill worker, which this releases.</param>
    /// <param name="parts">What to generate; it is asked for at once.</param>
    /// <param name="engine">The prefill worker's.</param>
    /// <param name="deadline">In UTC.</param>
    /// <param name="tokens">Knows what failures mean.</param>
    /// <param name="timeout">The request's clock.</param>
    public TokenPrefillLeg(
        Exchange exchange, IReadOnlyList<PairedRequest> parts, GrpcEngineClient engine, DateTime deadline, TokenAttempt tokens, ActivityTimeout timeout)
    {
        _exchange = exchange;
        _tokens = tokens;
        _timeout = timeout;
        _fates = new PairFate[parts.Count];
        for (var i = 0; i < _fates.Length; i++)
            _fates[i] = new PairFate(timeout.Token);
        exchange.Trace?.BeginAttempt(exchange.Lease.Prefill.Worker, exchange.Attempts);
        _answers = new Task<PrefillAnswer>[parts.Count];
        for (var i = 0; i < _answers.Length; i++)
            _answers[i] = ReadAsync(engine, parts[i].Prefill, deadline, _fates[i]);
        End = EndAsync(exchange.Lease.Prefill.Worker);
    }

    /// <summary>How it ended. An answer that is an error is in it; whoever has no use for it must dispose of it.</summary>
    public Task<AttemptEnd> End { get; }

    /// <summary>Completes with the end of one of its generations.</summary>
    public Task<PrefillAnswer> AnswerOf(int part) => _answers[part];

    /// <summary>What one of its generations means for the decode half's, and the other way round.</summary>
    public PairFate FateOf(int part) => _fates[part];

    /// <summary>The decode half has failed by itself.</summary>
    /// <returns>False if this half had failed before.</returns>
    public bool TryHandOver()
    {
        var handedOver = true;
        foreach (var fate in _fates)
            handedOver &= fate.TryHandOver();
        return handedOver;
    }

    /// <summary>What it still does is for nobody.</summary>
    public void Stop()
    {
        foreach (var fate in _fates)
            fate.StopPrefill();
    }

    /// <summary>Only once both halves have ended.</summary>
    public void Dispose()
    {
        foreach (var fate in _fates)
            fate.Dispose();
    }

    private async Task<AttemptEnd> EndAsync(Worker worker)
    {
        var end = new AttemptEnd(AttemptOutcome.Cancelled);
        try
        {
            await Task.WhenAll(_answers);
            end = AttemptEnd.Answered(StatusCodes.Status200OK);
        }
        catch (Exception exception) when (exception is EngineException || UpstreamFailure.Is(exception))
        {
            // Without a failure of its own it was stopped, because the request was given up or the decode half has ended.
            if (_failure is not null || _timeout.Cause != StopCause.None)
                end = _tokens.Failed(_exchange, worker, _failure ?? exception, _timeout.Cause);
        }
        finally
        {
            _exchange.Lease.Prefill.Release(end.Outcome);
            _exchange.Trace?.EndAttempt(_exchange, worker, end);
        }

        return end;
    }

    private async Task<PrefillAnswer> ReadAsync(GrpcEngineClient engine, GenerationRequest request, DateTime deadline, PairFate fate)
    {
        try
        {
            var trace = EngineTrace.Of(_exchange, _exchange.PrefillWorker!);
            await using var generation = engine.Generate(request, deadline, fate.PrefillToken, trace);
            var answer = PrefillAnswer.None;
            while (await generation.ReadAsync(fate.PrefillToken))
            {
                var step = generation.Current;
                if (step.Finish == FinishReason.Abort)
                    throw new EngineException(EngineFault.Failed, "the engine gave up the prefill");
                answer = answer.After(step);
            }

            return answer;
        }
        catch (Exception exception) when (
            (exception is EngineException || UpstreamFailure.Is(exception)) && !fate.PrefillToken.IsCancellationRequested)
        {
            Interlocked.CompareExchange(ref _failure, exception, null);
            fate.FailPrefill();
            // The others of a batch are for nobody then.
            if (fate.PrefillFailed)
                Stop();
            throw;
        }
    }
}
