namespace Gateway.Host.Configuration;

/// <summary>Of which requests the gateway sends traces, and where to.</summary>
public sealed record TraceOptions
{
    /// <summary>Where a collector listens if nobody says anything else.</summary>
    public const string DefaultEndpoint = "http://localhost:4317";

    public bool IsEnabled { get; init; }

    /// <summary>OpenTelemetry collector that they are sent to over gRPC; null for the one that gets metrics.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Share, 0 to 1, of the requests that come without a trace. Of those that come with one, the client has decided.</summary>
    public double SampleRatio { get; init; } = 1;

    /// <summary>Puts prompts into traces.</summary>
    public bool RecordsPrompts { get; init; }
}
