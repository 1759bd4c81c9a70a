namespace Gateway.RoutingBench.Run;

/// <summary>Names a run.</summary>
internal readonly record struct RunKey(string Scenario, string Trace, string Policy);
