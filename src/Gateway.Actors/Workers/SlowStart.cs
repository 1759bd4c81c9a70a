namespace Gateway.Actors.Workers;

/// <summary>
/// Keeps a worker that has just come, or come back, from being flooded: an idle one is what every load-aware policy likes best, and its
/// caches are cold. For a while after <see cref="Begin"/> its load is shown larger, as if it had only a share of its power; the share
/// grows from <see cref="SmallestShare"/> to the whole in a straight line. This is Envoy's slow start (weight × max(min_weight_percent,
/// time / window)) for load-aware policies without weights: load + 1 over the weight is what its least-request balancer compares.
/// </summary>
internal sealed class SlowStart(TimeSpan duration, TimeProvider time)
{
    /// <summary>Envoy's default of min_weight_percent.</summary>
    public const double SmallestShare = 0.1;

    private const long Never = long.MinValue;
    private long _began = Never;

    /// <summary>True if the load is shown larger than it is.</summary>
    public bool IsOn => Volatile.Read(ref _began) != Never;

    public void Begin()
    {
        if (duration > TimeSpan.Zero)
            Volatile.Write(ref _began, time.GetTimestamp());
    }

    /// <summary>The load as policies should see it; at other times one read, and the load itself.</summary>
    public int Inflate(int load)
    {
        var began = Volatile.Read(ref _began);
        return began == Never ? load : Inflate(load, began);
    }

    private int Inflate(int load, long began)
    {
        var progress = time.GetElapsedTime(began) / duration;
        if (progress < 1)
            return (int)Math.Min(int.MaxValue, Math.Ceiling((load + 1) / Math.Max(SmallestShare, progress)) - 1);
        // Over; unless it has just begun anew.
        Interlocked.CompareExchange(ref _began, Never, began);
        return load;
    }
}
