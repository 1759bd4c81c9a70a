namespace Gateway.Simulator;

/// <summary>A request that has reached a worker.</summary>
/// <param name="Worker">Which one.</param>
/// <param name="Path">What it asks for.</param>
/// <param name="Id">Its <c>x-request-id</c>; null if it has none.</param>
/// <param name="Authorization">As it came; null if it has none. It tells clients apart that have keys of their own.</param>
public sealed record ReceivedRequest(SimulatedWorker Worker, string Path, string? Id, string? Authorization = null);
