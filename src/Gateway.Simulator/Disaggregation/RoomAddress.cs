namespace Gateway.Simulator.Disaggregation;

/// <summary>Where the two workers of a pair meet over one prompt, as the request says it to both.</summary>
/// <param name="Host">Of the prefill worker's bootstrap server: a name or an IP address.</param>
/// <param name="Port">Of that server.</param>
/// <param name="Room">From 0; unique among the rooms that are open on a prefill worker.</param>
/// <param name="Engine">
/// Name of the engine that must have it, and have it by now: vLLM's decode worker is asked after its prefill worker has answered. Null for
/// SGLang, whose workers wait for each other.
/// </param>
internal sealed record RoomAddress(string Host, int Port, long Room, string? Engine = null);
