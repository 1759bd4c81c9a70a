namespace Gateway.Host.Observability.Metrics;

/// <summary>Metrics about one thing that are read off what is there when somebody looks.</summary>
internal interface IMetricFamily
{
    /// <summary>Makes its instruments. Once, if anything is measured.</summary>
    void Register(GatewayMeter meter);
}
