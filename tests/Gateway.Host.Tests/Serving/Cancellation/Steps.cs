namespace Gateway.Host.Tests.Serving.Cancellation;

/// <summary>How the waiting of a request goes on.</summary>
/// <param name="Yields">True if each wait ends on another thread, as with a socket; false if all is there at once.</param>
/// <param name="Notices">
/// True if a wait that is under way when the client goes ends by that; false if it succeeds all the same, because it was just about to.
/// </param>
internal sealed record Waiting(bool Yields, bool Notices);

/// <summary>
/// The waits of one request, in their order: whoever is asked to wait, client, clock and engine, passes here. At a chosen one the client goes.
/// </summary>
/// <param name="leavesAt">The number of the wait during which it goes, from 1; one that is never reached lets it stay.</param>
/// <param name="waiting">How the waits end.</param>
internal sealed class Steps(int leavesAt, Waiting waiting)
{
    private readonly CancellationTokenSource _client = new();
    private readonly List<string> _places = [];

    public CancellationToken ClientGone => _client.Token;

    public bool ClientIsGone => _client.IsCancellationRequested;

    /// <summary>True if the client is gone and those who wait can see it.</summary>
    public bool IsOver => waiting.Notices && ClientIsGone;

    public IReadOnlyList<string> Places => _places;

    /// <summary>Where the client went; null if it stayed.</summary>
    public string? LeftAt => _places.ElementAtOrDefault(leavesAt - 1);

    /// <param name="place">What is waited for.</param>
    /// <param name="observed">The token that the wait was given.</param>
    public async ValueTask PassAsync(string place, CancellationToken observed = default)
    {
        if (waiting.Yields)
            await Task.Yield();
        int number;
        lock (_places)
        {
            _places.Add(place);
            number = _places.Count;
        }

        if (number == leavesAt)
            await LeaveAsync();
        if (waiting.Notices)
            observed.ThrowIfCancellationRequested();
    }

    public override string ToString() => LeftAt is { } place
        ? $"gone at {leavesAt}, {place}, of {string.Join(", ", _places)} ({waiting})"
        : $"stayed through {string.Join(", ", _places)} ({waiting})";

    private ValueTask LeaveAsync()
    {
        if (waiting.Yields)
            return new ValueTask(_client.CancelAsync());
        _client.Cancel();
        return default;
    }
}
