namespace Gateway.Actors.Engines.Generation;

/// <summary>The W3C trace context that goes with a call, as the headers of the same names; null for what there is not.</summary>
public readonly record struct TraceContext(string? TraceParent, string? TraceState = null);
