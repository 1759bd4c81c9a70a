using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens;

/// <summary>
/// Several generations as one: those of a batch's prompts, which run on the engine at the same time. The choices of the second prompt come
/// after those of the first. A failure of one is a failure of all.
/// </summary>
internal sealed class BatchGeneration(IReadOnlyList<IGeneration> generations, int choicesEach) : IGeneration
{
    private readonly Task<bool>?[] _reads = new Task<bool>?[generations.Count];
    private int _last = -1;

    public GenerationStep Current { get; private set; }

    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        // The step that was given out last is done with: its generation may overwrite it.
        if (_last >= 0)
            _reads[_last] = generations[_last].ReadAsync(cancellation).AsTask();
        else
            Begin(cancellation);
        while (Array.Find(_reads, static read => read is not null) is not null)
        {
            await Task.WhenAny(_reads.OfType<Task<bool>>());
            _last = Array.FindIndex(_reads, static read => read is { IsCompleted: true });
            if (!await _reads[_last]!)
            {
                _reads[_last] = null;
                continue;
            }

            var step = generations[_last].Current;
            Current = step with { Index = (_last * choicesEach) + step.Index };
            return true;
        }

        _last = -1;
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var generation in generations)
            await generation.DisposeAsync();
        foreach (var read in _reads)
        {
            if (read is not null)
                await ((Task)read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Begin(CancellationToken cancellation)
    {
        for (var i = 0; i < _reads.Length; i++)
            _reads[i] = generations[i].ReadAsync(cancellation).AsTask();
    }
}
