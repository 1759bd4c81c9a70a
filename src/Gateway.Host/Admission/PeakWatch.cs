namespace Gateway.Host.Admission;

/// <summary>Says when a peak of requests is over: many ran at once, and for two looks in a row next to none has.</summary>
internal sealed class PeakWatch
{
    /// <summary>Requests at once that are worth it; fewer leave little behind.</summary>
    private const int Worthwhile = 64;

    /// <summary>A hundredth of the peak is next to none.</summary>
    private const int Share = 100;

    private int _peak;
    private bool _wasQuiet;

    /// <param name="inFlight">Requests that run now.</param>
    /// <returns>True once for each peak.</returns>
    public bool IsOver(int inFlight)
    {
        _peak = Math.Max(_peak, inFlight);
        var isQuiet = _peak >= Worthwhile && inFlight <= _peak / Share;
        var isOver = isQuiet && _wasQuiet;
        _wasQuiet = isQuiet;
        if (isOver)
            (_peak, _wasQuiet) = (inFlight, false);
        return isOver;
    }
}
