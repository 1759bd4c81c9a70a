namespace Gateway.Host.Configuration;

/// <summary>Under which names metrics are given out.</summary>
public enum MetricNames
{
    /// <summary>OpenTelemetry's for generative AI where there are some, <c>gateway.*</c> otherwise.</summary>
    Gateway,

    /// <summary>Those of the Shepherd Model Gateway, for dashboards that were made for it.</summary>
    Smg,

    Both,
}

/// <summary>What the gateway measures, and who may read it. Nothing is measured as long as nobody can.</summary>
public sealed record MetricsOptions
{
    /// <summary>Where Prometheus finds them, a port of its own; 0 lets the system choose, null for nowhere.</summary>
    public int? Port { get; init; }

    /// <summary>An IP address, IPv6 in brackets, or <c>localhost</c>.</summary>
    public string Host { get; init; } = "0.0.0.0";

    public MetricNames Names { get; init; } = MetricNames.Gateway;

    /// <summary>OpenTelemetry collector that they are sent to over gRPC; null for none.</summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>How often they are sent there.</summary>
    public TimeSpan OtlpInterval { get; init; } = TimeSpan.FromSeconds(15);

    public bool IsOn => Port is not null || OtlpEndpoint is not null;
}
