using System.Diagnostics.Metrics;
using Gateway.Host.Configuration;

namespace Gateway.Host.Observability.Metrics;

/// <summary>
/// The meter of one gateway: where all its instruments come from. Several gateways may live in one process, so its instruments are told from
/// another's by the object and not by the name.
/// </summary>
internal sealed class GatewayMeter : IDisposable
{
    public const string Name = "ModelGateway";

    /// <summary>How the compatibility names begin.</summary>
    public const string SmgPrefix = "smg_";

    private readonly Meter _meter = new(Name);
    private readonly List<Instrument> _instruments = [];
    private readonly MetricNames _names;

    public GatewayMeter(GatewayOptions options)
    {
        IsOn = options.Metrics.IsOn;
        _names = options.Metrics.Names;
    }

    /// <summary>False if nobody can read what is measured, and nothing need be.</summary>
    public bool IsOn { get; }

    /// <summary>True if the compatibility names are given out.</summary>
    public bool HasSmgNames => IsOn && _names != MetricNames.Gateway;

    /// <summary>All that was made so far, in that order.</summary>
    public IReadOnlyList<Instrument> Instruments => _instruments;

    /// <summary>True if an instrument is this gateway's, and given out under its name.</summary>
    public bool Shows(Instrument instrument)
    {
        if (instrument.Meter != _meter)
            return false;
        var isSmg = instrument.Name.StartsWith(SmgPrefix, StringComparison.Ordinal);
        return isSmg ? _names != MetricNames.Gateway : _names != MetricNames.Smg;
    }

    /// <param name="name">OpenTelemetry's or ours.</param>
    /// <param name="unit">In UCUM.</param>
    /// <param name="help">For whoever reads a dashboard.</param>
    /// <param name="buckets">Upper bounds.</param>
    public Histogram<T> Histogram<T>(string name, string unit, string help, IReadOnlyList<T> buckets)
        where T : struct =>
        Keep(_meter.CreateHistogram(name, unit, help, tags: null, new InstrumentAdvice<T> { HistogramBucketBoundaries = buckets }));

    /// <inheritdoc cref="Count{T}(string, string, string, Func{IEnumerable{Measurement{T}}})"/>
    public void Count<T>(string name, string unit, string help, Func<T> read)
        where T : struct => Keep(_meter.CreateObservableCounter(name, read, unit, help));

    /// <summary>A number that only grows, read when somebody looks.</summary>
    public void Count<T>(string name, string unit, string help, Func<IEnumerable<Measurement<T>>> read)
        where T : struct => Keep(_meter.CreateObservableCounter(name, read, unit, help));

    /// <inheritdoc cref="Gauge{T}(string, string, string, Func{IEnumerable{Measurement{T}}})"/>
    public void Gauge<T>(string name, string unit, string help, Func<T> read)
        where T : struct => Keep(_meter.CreateObservableGauge(name, read, unit, help));

    /// <summary>A number that goes up and down, read when somebody looks.</summary>
    public void Gauge<T>(string name, string unit, string help, Func<IEnumerable<Measurement<T>>> read)
        where T : struct => Keep(_meter.CreateObservableGauge(name, read, unit, help));

    public void Dispose() => _meter.Dispose();

    private T Keep<T>(T instrument)
        where T : Instrument
    {
        _instruments.Add(instrument);
        return instrument;
    }
}
