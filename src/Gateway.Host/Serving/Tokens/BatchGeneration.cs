using System.Threading.Channels;
using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens;

/// <summary>
/// Several generations as one: those of a batch's prompts, which run on the engine at the same time. The choices of the second prompt come
/// after those of the first. A failure of one is a failure of all. A step costs the same however many there are.
/// </summary>
internal sealed class BatchGeneration(IReadOnlyList<IGeneration> generations, int choicesEach) : IGeneration
{
    private readonly Task<bool>?[] _reads = new Task<bool>?[generations.Count];

    /// <summary>The generations whose reads have completed, in that order.</summary>
    private readonly Channel<int> _completed = Channel.CreateUnbounded<int>();

    private int _running;
    private int _last = -1;

    public GenerationStep Current { get; private set; }

    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        // The step that was given out last is done with: its generation may overwrite it.
        if (_last >= 0)
            Begin(_last, cancellation);
        else
            BeginAll(cancellation);
        while (_running > 0)
        {
            // Not cancelled by itself: the reads are, and say so.
            _last = await _completed.Reader.ReadAsync(CancellationToken.None);
            _running--;
            if (!await _reads[_last]!)
                continue;
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

    private void BeginAll(CancellationToken cancellation)
    {
        for (var i = 0; i < _reads.Length; i++)
            Begin(i, cancellation);
    }

    private void Begin(int index, CancellationToken cancellation)
    {
        _running++;
        _reads[index] = ReadAsync(index, cancellation);
    }

    private async Task<bool> ReadAsync(int index, CancellationToken cancellation)
    {
        try
        {
            return await generations[index].ReadAsync(cancellation);
        }
        finally
        {
            _completed.Writer.TryWrite(index);
        }
    }
}
