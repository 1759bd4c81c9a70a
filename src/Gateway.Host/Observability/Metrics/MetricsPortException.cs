using Gateway.Host.Configuration;

namespace Gateway.Host.Observability.Metrics;

/// <summary>The metrics' own port could not be opened.</summary>
/// <param name="place">Where it was to be.</param>
/// <param name="reason">What Kestrel said.</param>
internal sealed class MetricsPortException(ListenOptions place, Exception reason)
    : Exception($"cannot give out metrics at {place.Host} port {place.Port}", reason)
{
    public ListenOptions Place { get; } = place;
}
