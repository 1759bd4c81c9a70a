namespace Gateway.Host.Dashboard.Watching;

/// <summary>
/// Who watches the dashboard now. Each has a connection and a picture of the fleet, so there is a limit. They may watch the gateway drain; when it has, they
/// are sent home, since the listener waits for them.
/// </summary>
internal sealed class Watchers : IHostedLifecycleService, IDisposable
{
    /// <summary>Pages open at once: a team, and the screen on its wall.</summary>
    public const int Most = 32;

    private readonly CancellationTokenSource _closing = new();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool Any => Count > 0;

    /// <summary>Cancelled when they must go.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <returns>False if there are enough; else <see cref="Exit"/> is to be called once.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= Most)
            return true;
        Exit();
        return false;
    }

    public void Exit() => Interlocked.Decrement(ref _count);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The host calls it in the order opposite to that of registration, so after the drain that was registered later.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => _closing.CancelAsync();

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _closing.Dispose();
}
