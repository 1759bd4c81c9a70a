using System.IO.Hashing;
using System.Text;
using Gateway.Host.Admission;

namespace Gateway.Host.Cluster.Quotas;

/// <summary>A limit that the gateways of a cluster keep together. Used by one thread at a time.</summary>
internal abstract class SharedQuota(string name)
{
    /// <summary>The same at all gateways; a hash of its name.</summary>
    public ulong Key { get; } = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(name));

    /// <summary>What all gateways may have together.</summary>
    public abstract double Limit { get; }

    /// <summary>What this gateway is asked for, in the unit of the limit.</summary>
    /// <param name="passed">Since the last time.</param>
    public abstract double MeasureDemand(TimeSpan passed);

    /// <summary>Takes this gateway's share.</summary>
    /// <param name="share">More than 0, at most the limit.</param>
    public abstract void Apply(double share);
}

/// <summary>So much in a minute.</summary>
internal sealed class SharedRate : SharedQuota
{
    /// <summary>How much of the last second counts beside what was before: bursts of some seconds are to be met by those who have them.</summary>
    private const double Weight = 0.3;

    private readonly TokenBucket _bucket;
    private double _perMinute;

    public SharedRate(string name, TokenBucket bucket)
        : base(name)
    {
        _bucket = bucket;
        bucket.CountsDemand = true;
    }

    public override double Limit => _bucket.Limit;

    public override double MeasureDemand(TimeSpan passed)
    {
        var now = _bucket.TakeDemand() / Math.Max(passed.TotalMinutes, 1e-6);
        _perMinute += Weight * (now - _perMinute);
        return _perMinute;
    }

    public override void Apply(double share) => _bucket.Resize(share);
}

/// <summary>So many at once.</summary>
internal sealed class SharedConcurrency(string name, ConcurrencyLimit limit) : SharedQuota(name)
{
    private readonly int _limit = limit.Limit;

    public override double Limit => _limit;

    public override double MeasureDemand(TimeSpan passed) => limit.Demand;

    /// <summary>In whole requests, and one at least: zero would be no limit at all.</summary>
    public override void Apply(double share) => limit.Limit = Math.Max(1, (int)Math.Round(share));
}
