namespace Gateway.LoadBench.Client;

/// <summary>
/// The times between the events of one stream as a client sees them. Events that come in one read have no time between them, so that who
/// bundles them shows as longer gaps and not as fewer.
/// </summary>
internal sealed class EventGaps
{
    private readonly List<long> _ticks = [];
    private int _scanned;
    private long _last;

    /// <summary>In ticks of the stopwatch; one fewer than there were events.</summary>
    public IReadOnlyList<long> Ticks => _ticks;

    public void Reset()
    {
        _ticks.Clear();
        (_scanned, _last) = (0, 0);
    }

    /// <param name="body">All of the answer that is here.</param>
    /// <param name="now">Timestamp of its last bytes.</param>
    public void Note(ReadOnlySpan<byte> body, long now)
    {
        while (body[_scanned..].IndexOf("\n\n"u8) is var end and >= 0)
        {
            _scanned += end + 2;
            if (_last != 0)
                _ticks.Add(now - _last);
            _last = now;
        }
    }
}
