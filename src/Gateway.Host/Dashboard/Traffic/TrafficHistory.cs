using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Gateway.Host.Dashboard.Requests;

namespace Gateway.Host.Dashboard.Traffic;

/// <summary>
/// The last minutes, second by second, so that who opens the page at night sees what has happened and not only what happens. A few hundred numbers
/// are read each second, watched or not.
/// </summary>
internal sealed class TrafficHistory(
    TrafficCounts counts, WeighingBudget budget, AdmissionGate gate, AdmissionQueue queue, GatewayOptions options, TimeProvider time) : BackgroundService
{
    /// <summary>Samples kept, one a second.</summary>
    public const int Capacity = 300;

    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TrafficSample[] _samples = new TrafficSample[Capacity];
    private readonly long[][] _counts = [new long[Enum.GetValues<TrafficCount>().Length], new long[Enum.GetValues<TrafficCount>().Length]];
    private readonly long[][] _firstPieces = [new long[LatencyHistogram.Buckets], new long[LatencyHistogram.Buckets]];
    private long _end;
    private long _last = time.GetTimestamp();

    /// <summary>Reads on from a number.</summary>
    /// <param name="from">Where to read on; is moved to the end.</param>
    /// <param name="found">Is filled, the oldest first.</param>
    public void Read(ref long from, List<TrafficSample> found)
    {
        found.Clear();
        lock (_lock)
        {
            for (var number = Math.Max(from, _end - Capacity); number < _end; number++)
                found.Add(_samples[number % Capacity]);
            from = _end;
        }
    }

    /// <summary>Ends a second.</summary>
    internal void Take()
    {
        budget.Refill();
        var now = time.GetTimestamp();
        var elapsed = time.GetElapsedTime(_last, now);
        // On a machine that is too busy, a tick that is late is followed by the next at once: rates over so little time would say nothing.
        if (elapsed < Interval / 2)
            return;
        _last = now;
        var (before, after) = ((int)(_end & 1), (int)(_end & 1) ^ 1);
        counts.CopyTo(_counts[after]);
        counts.FirstPieces.CopyTo(_firstPieces[after]);
        var difference = new long[_counts[after].Length];
        for (var count = 0; count < difference.Length; count++)
            difference[count] = _counts[after][count] - _counts[before][count];
        var sample = new TrafficSample(
            time.GetUtcNow(),
            elapsed.TotalSeconds,
            difference,
            LatencyHistogram.Percentile(_firstPieces[before], _firstPieces[after], 0.5),
            LatencyHistogram.Percentile(_firstPieces[before], _firstPieces[after], 0.95),
            gate.InFlight,
            queue.Waiting);
        lock (_lock)
        {
            _samples[_end % Capacity] = sample;
            _end++;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Security.HasDashboard)
            return;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Take();
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }
}
