using Gateway.RoutingBench.Clock;

namespace Gateway.RoutingBench.Fleet;

/// <summary>Adds up requests in flight over time.</summary>
internal sealed class InFlightMeter(VirtualTime time)
{
    private int _now;
    private double _total;
    private TimeSpan _since = time.Now;

    /// <summary>Requests × seconds so far.</summary>
    public double Total => _total + (_now * (time.Now - _since).TotalSeconds);

    public void Set(int inFlight)
    {
        _total = Total;
        _since = time.Now;
        _now = inFlight;
    }
}
