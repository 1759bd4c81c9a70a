using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;
using Gateway.Host.Serving;
using Microsoft.Extensions.ObjectPool;

namespace Gateway.Host.Observability.Metrics;

/// <summary>
/// Counts requests: told when one's model is known, when its answer is over, and when it has left. Does nothing unless somebody can read it.
/// </summary>
internal sealed class RequestMetrics
{
    /// <summary>Models with series of their own. With the usual endpoints they stay within OpenTelemetry's limit of 2000 series a metric.</summary>
    public const int MostModels = 100;

    /// <summary>Kept for later requests, of 1 KB each. With fewer than there are requests at once, each request would make one.</summary>
    private const int MostTails = 4096;

    private readonly ConcurrentDictionary<SeriesKey, EndpointSeries> _series = [];
    private readonly ConcurrentDictionary<ErrorKey, ErrorCount> _errors = [];
    private readonly Func<SeriesKey, EndpointSeries> _create;
    private readonly LabelBound _models = new(MostModels);
    private readonly ObjectPool<UsageTail> _tails = new DefaultObjectPool<UsageTail>(new TailPolicy(), MostTails);
    private readonly TenantCounts _tenants = new();
    private readonly AdmissionCounts _admissions = new();
    private readonly SmgInstruments? _smg;
    private readonly bool _isOn;
    private readonly bool _readsUsage;
    private readonly TimeProvider _time;

    public RequestMetrics(GatewayMeter meter, GatewayOptions options, TimeProvider time)
    {
        _isOn = meter.IsOn;
        // The dashboard shows tokens too.
        _readsUsage = _isOn || options.Security.HasDashboard;
        _time = time;
        var instruments = new GenerationInstruments(meter);
        _smg = meter.HasSmgNames ? new SmgInstruments(meter) : null;
        _create = key => new EndpointSeries(key, instruments, _smg, 1.0 / time.TimestampFrequency);
        RequestCounts.Register(meter, () => _series.Values);
        _tenants.Register(meter);
        _admissions.Register(meter);
        meter.Count("gateway.errors", "{error}", "Requests that the gateway itself has answered with an error, or ended with one.", Errors);
    }

    public IEnumerable<EndpointSeries> Series => _series.Values;

    /// <summary>The request's model is known.</summary>
    public void Enter(Exchange exchange)
    {
        if (!_isOn)
            return;
        var series = SeriesOf(exchange, exchange.Endpoint!.Path);
        exchange.Series = series;
        series.Enter();
    }

    /// <summary>The request goes to an engine: from here on its answer is looked at.</summary>
    public void Watch(Exchange exchange)
    {
        // Of what is generated here, the gateway counts the tokens itself.
        if ((_readsUsage || exchange.Trace is not null) && exchange.Usage is null && exchange.Plan is null && exchange.Body is not null)
            exchange.Usage = _tails.Get();
    }

    /// <summary>Its answer is over; before the tail of the answer is given back.</summary>
    public void Leave(Exchange exchange)
    {
        exchange.Series?.Leave();
        if (exchange.Usage is not { } tail)
            return;
        if (exchange.Tokens is null && exchange.Context.Response.StatusCode < StatusCodes.Status400BadRequest && tail.TryReadUsage(out var tokens))
            exchange.Tokens = tokens;
        if (tail == exchange.Rates?.Usage)
            return;
        exchange.Usage = null;
        _tails.Return(tail);
    }

    /// <summary>Once for each request, whatever it was for, when all is over.</summary>
    public void End(HttpContext context, Exchange exchange)
    {
        if (!_isOn)
            return;
        var series = exchange.Series ?? SeriesOf(exchange, EndpointOf(context));
        var status = StatusOf(context, exchange);
        series.End(exchange, status, _time.GetTimestamp());
        _tenants.End(exchange, status);
        _admissions.End(exchange);
        _smg?.Responses.End(exchange, series.Key.Endpoint, exchange.Status);
        if (exchange.ErrorCode is { } code && !exchange.ClientIsGone)
            _errors.GetOrAdd(new ErrorKey(series.Key.Endpoint, code), static _ => new ErrorCount()).Increment();
    }

    private EndpointSeries SeriesOf(Exchange exchange, string endpoint) =>
        _series.GetOrAdd(new SeriesKey(endpoint, _models.Of(exchange.Model?.Id), exchange.Peek.Stream), _create);

    /// <summary>The pattern and not the path, which clients may choose as they like.</summary>
    private static string EndpointOf(HttpContext context) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? LabelBound.Other;

    private static StatusClass StatusOf(HttpContext context, Exchange exchange) => exchange.Ending switch
    {
        ExchangeEnding.ClientGone => StatusClass.ClientGone,
        ExchangeEnding.Interrupted => StatusClass.Interrupted,
        _ => StatusClasses.Of(context.Response.StatusCode),
    };

    private IEnumerable<Measurement<long>> Errors()
    {
        foreach (var (key, count) in _errors)
            yield return new Measurement<long>(count.Value, new("endpoint", key.Endpoint), new("error.type", key.Code));
    }

    private readonly record struct ErrorKey(string Endpoint, string Code);

    private sealed class ErrorCount
    {
        private long _value;

        public long Value => Volatile.Read(ref _value);

        public void Increment() => Interlocked.Increment(ref _value);
    }

    private sealed class TailPolicy : PooledObjectPolicy<UsageTail>
    {
        public override UsageTail Create() => new();

        public override bool Return(UsageTail tail)
        {
            tail.Clear();
            return true;
        }
    }
}
