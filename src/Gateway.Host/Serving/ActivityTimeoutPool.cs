using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Microsoft.Extensions.ObjectPool;

namespace Gateway.Host.Serving;

/// <summary>Lends each request an <see cref="ActivityTimeout"/>.</summary>
internal sealed class ActivityTimeoutPool
{
    /// <summary>Kept for the next requests; each is some 500 bytes.</summary>
    private const int MostRetained = 1024;

    private readonly DefaultObjectPool<ActivityTimeout> _pool;

    public ActivityTimeoutPool(GatewayOptions options, AdmissionGate gate, TimeProvider time)
    {
        var timeouts = options.Timeouts;
        GraceEnded = gate.GraceEnded;
        FirstByteTicks = Ticks(timeouts.FirstByte, time);
        IdleTicks = Ticks(timeouts.Idle, time);
        RequestTicks = Ticks(timeouts.Request, time);
        ShortestTicks = Math.Min(RequestTicks, Math.Min(FirstByteTicks, IdleTicks));
        _pool = new DefaultObjectPool<ActivityTimeout>(new Policy(this, time), MostRetained);
    }

    public CancellationToken GraceEnded { get; }

    /// <summary>The configured times, in the ticks of the clock.</summary>
    public long FirstByteTicks { get; }

    public long IdleTicks { get; }

    public long RequestTicks { get; }

    public long ShortestTicks { get; }

    public ActivityTimeout Rent(CancellationToken clientGone)
    {
        var timeout = _pool.Get();
        timeout.Start(clientGone);
        return timeout;
    }

    public void Return(ActivityTimeout timeout) => _pool.Return(timeout);

    private static long Ticks(TimeSpan time, TimeProvider clock) => (long)(time.TotalSeconds * clock.TimestampFrequency);

    private sealed class Policy(ActivityTimeoutPool pool, TimeProvider time) : IPooledObjectPolicy<ActivityTimeout>
    {
        public ActivityTimeout Create() => new(pool, time, pool.GraceEnded);

        public bool Return(ActivityTimeout obj) => true;
    }
}
