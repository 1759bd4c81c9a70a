using Gateway.RoutingBench.Traces;

namespace Gateway.RoutingBench.Run;

/// <summary>A client that makes one call after the other.</summary>
/// <param name="Key">What it says as its routing key.</param>
/// <param name="Calls">Those it has yet to make.</param>
internal sealed record Session(string Key, IEnumerator<Call> Calls);
