using System.Diagnostics.CodeAnalysis;

namespace Gateway.Actors.Engines;

/// <summary>Bounds how many probes are under way at once, over all workers; the others wait their turn.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing to dispose of.")]
internal sealed class ProbeGate(int limit)
{
    private readonly SemaphoreSlim _places = new(limit, limit);

    public async Task<T> EnterAsync<T>(Func<CancellationToken, Task<T>> probe, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await probe(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }
}
