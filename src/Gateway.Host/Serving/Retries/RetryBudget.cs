using Gateway.Host.Configuration;

namespace Gateway.Host.Serving.Retries;

/// <summary>
/// Bounds the attempts after the first over the whole gateway, so that an outage cannot multiply its own load: in the last
/// <see cref="Window"/>, no more of them than a share of the requests of that time, or of those in the gateway now if they are more, and a
/// floor. Those in the gateway count because generations are long: a worker that dies has more of them than came in ten seconds. The idea is that of Finagle's RetryBudget
/// (20 % of the requests of the last 10 s, and 10 a second for quiet times; from there the defaults) and of Envoy's retry_budget (20 % of
/// the active requests, at least 3).
/// </summary>
/// <remarks>
/// Lock-free. Time is cut into slices; a slice's count is one word, changed by compare-and-swap, that says which slice it is for.
/// A retry is counted first and taken back if the sum is then too much, so that many at once can't overdraw together; at worst some are
/// refused that would just have fitted. Since the oldest slice is only partly in the window, what is exact is: in any
/// <see cref="Slices"/> − 1 slices of time there are no more retries than the share of the requests in the window that ends with the last of
/// them (or in the gateway at the last retry), and the floor.
/// </remarks>
internal sealed class RetryBudget
{
    public const int Slices = 20;

    /// <summary>How far back requests and retries are counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private const int CountBits = 32;
    private const long CountMask = (1L << CountBits) - 1;

    private readonly long[] _requests = new long[Slices];
    private readonly long[] _retries = new long[Slices];
    private readonly TimeProvider _time;
    private readonly long _ticksPerSlice;
    private readonly double _ratio;
    private readonly double _floor;
    private readonly Func<int> _inFlight;
    private long _refused;

    /// <param name="options">For the share and the floor.</param>
    /// <param name="time">The clock.</param>
    /// <param name="inFlight">Requests in the gateway now.</param>
    public RetryBudget(GatewayOptions options, TimeProvider time, Func<int> inFlight)
    {
        _inFlight = inFlight;
        _time = time;
        _ticksPerSlice = (long)(Window.TotalSeconds * time.TimestampFrequency) / Slices;
        _ratio = options.Retry.BudgetRatio;
        _floor = options.Retry.BudgetMinPerSecond * Window.TotalSeconds;
    }

    /// <summary>Attempts that were not made for want of budget, since the start.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Takes note of a request.</summary>
    /// <param name="timestamp">When it came. An older time than others' counts as theirs.</param>
    public void CountRequest(long timestamp)
    {
        var slice = SliceOf(timestamp);
        Add(ref _requests[slice % Slices], slice, 1);
    }

    /// <summary>Asks for one attempt more than a request's first; true if it may be made.</summary>
    public bool TryTake()
    {
        var slice = SliceOf(_time.GetTimestamp());
        ref var word = ref _retries[slice % Slices];
        var counted = Add(ref word, slice, 1);
        if (Sum(_retries, slice) <= (_ratio * Math.Max(Sum(_requests, slice), _inFlight())) + _floor)
            return true;
        Add(ref word, counted, -1);
        Interlocked.Increment(ref _refused);
        return false;
    }

    /// <summary>Retries made in the window that ends now.</summary>
    internal long RecentRetries => Sum(_retries, SliceOf(_time.GetTimestamp()));

    // From 1, so that a word that was never written is for none.
    private long SliceOf(long timestamp) => (timestamp / _ticksPerSlice) + 1;

    /// <summary>Counts in a slice, or in the later one that has taken its place; what is taken back from a slice that is gone is gone.</summary>
    /// <returns>The slice in which it was counted.</returns>
    private static long Add(ref long word, long slice, int change)
    {
        while (true)
        {
            var seen = Volatile.Read(ref word);
            var held = seen >> CountBits;
            if (change < 0 && held != slice)
                return held;
            var next = held >= slice ? seen + change : (slice << CountBits) | (long)change;
            if (Interlocked.CompareExchange(ref word, next, seen) == seen)
                return Math.Max(held, slice);
        }
    }

    private static long Sum(long[] words, long current)
    {
        var sum = 0L;
        foreach (ref var word in words.AsSpan())
        {
            var seen = Volatile.Read(ref word);
            if (current - (seen >> CountBits) < Slices)
                sum += seen & CountMask;
        }

        return sum;
    }
}
