namespace Gateway.Host.Configuration;

/// <summary>Checks of <see cref="MetricsOptions"/> that a single value cannot tell.</summary>
internal static class MetricsChecks
{
    /// <param name="options">With metrics or without.</param>
    /// <param name="isSet">Whether somebody has set an option.</param>
    /// <param name="refuse">Takes an option's name and what is wrong with it.</param>
    public static void Check(GatewayOptions options, Func<string, bool> isSet, Action<string, string> refuse)
    {
        var metrics = options.Metrics;
        if (metrics.Port is > 0 and var port && port == options.Listen.Port)
            refuse("metrics-port", "is also the clients' port: metrics have one of their own");
        if (metrics.Port is null && isSet("metrics-host"))
            refuse("metrics-host", "is of no use without metrics-port");
        if (!metrics.IsOn && isSet("metrics-names"))
            refuse("metrics-names", "is of no use without metrics-port or otlp-endpoint");
        if (metrics.OtlpEndpoint is null && isSet("otlp-interval-secs"))
            refuse("otlp-interval-secs", "is of no use without otlp-endpoint");
    }
}
