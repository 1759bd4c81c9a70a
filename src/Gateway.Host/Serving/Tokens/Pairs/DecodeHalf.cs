using Gateway.Actors.Engines;
using Gateway.Actors.Engines.Generation;
using Gateway.Host.Serving.Pairs;

namespace Gateway.Host.Serving.Tokens.Pairs;

/// <summary>
/// The generation of a pair as its client gets it: the decode half's steps, with what the prefill half alone knows. Its first step hands the
/// prompt's cache over; until then a failure of the prefill half ends it.
/// </summary>
/// <param name="part">What the halves are asked.</param>
/// <param name="prefill">Completes with the prefill half.</param>
/// <param name="start">Asks the decode half; the token ends it.</param>
/// <param name="fate">Of the pair.</param>
/// <param name="time">Clock of <see cref="LastWord"/>.</param>
internal sealed class DecodeHalf(
    PairedRequest part, Task<PrefillAnswer> prefill, Func<GenerationRequest, CancellationToken, IGeneration> start, PairFate fate, TimeProvider time)
    : IGeneration
{
    /// <summary>
    /// How long the end of an answer waits for the prefill half's figures. It sends them when it has passed the cache on, so they are on
    /// their way since the first token.
    /// </summary>
    private static readonly TimeSpan LastWord = TimeSpan.FromMilliseconds(100);

    private IGeneration? _generation;
    private bool _hasBegun;
    private volatile bool _isDisposed;

    public GenerationStep Current { get; private set; }

    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var generation = _generation ?? await StartAsync();
            if (!await generation.ReadAsync(cancellation))
                return false;
            Current = _hasBegun ? await EndAsync(generation.Current) : await BeginAsync(generation.Current, cancellation);
            return true;
        }
        catch (Exception exception) when (
            fate.PrefillFailed && exception is not PrefillLostException && (exception is EngineException || UpstreamFailure.Is(exception)))
        {
            throw new PrefillLostException(exception);
        }
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        fate.StopDecode();
        return _generation?.DisposeAsync() ?? ValueTask.CompletedTask;
    }

    private async ValueTask<IGeneration> StartAsync()
    {
        var generation = start(part.IsSequential ? part.DecodeAfter((await PrefillAsync()).KvTransferJson) : part.Decode, fate.DecodeToken);
        _generation = generation;
        // Whoever disposed of this one while it waited has not seen it.
        if (_isDisposed)
            await generation.DisposeAsync();
        return generation;
    }

    private async ValueTask<PrefillAnswer> PrefillAsync()
    {
        try
        {
            return await prefill.WaitAsync(fate.DecodeToken);
        }
        catch (Exception exception) when (exception is EngineException || UpstreamFailure.Is(exception))
        {
            throw new PrefillLostException(exception);
        }
    }

    private async ValueTask<GenerationStep> BeginAsync(GenerationStep step, CancellationToken cancellation)
    {
        if (step is { Finish: FinishReason.Abort, Tokens.IsEmpty: true })
            throw new EngineException(EngineFault.Failed, "the engine gave up before its first token");
        if (!fate.TryHandOver())
            throw new OperationCanceledException("The prefill failed.");
        _hasBegun = true;
        if (part.Prefill.PromptLogprobsFrom is null)
            return await EndAsync(step);
        await ((Task)prefill).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return await EndAsync(prefill.IsCompletedSuccessfully ? step with { PromptLogprobs = prefill.Result.PromptLogprobs } : step);
    }

    private async ValueTask<GenerationStep> EndAsync(GenerationStep step)
    {
        if (step.Finish != FinishReason.None && !prefill.IsCompleted)
            await ((Task)prefill).WaitAsync(LastWord, time, fate.DecodeToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return prefill.IsCompletedSuccessfully ? step with { CachedTokens = prefill.Result.CachedTokens } : step;
    }
}
