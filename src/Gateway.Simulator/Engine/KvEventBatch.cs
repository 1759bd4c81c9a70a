namespace Gateway.Simulator.Engine;

/// <summary>What happened to a prefix cache at one time.</summary>
/// <param name="Sequence">From 1, one after the other in the life of a worker.</param>
/// <param name="FirstEventId">Number of the first change; the others count on.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Rank">The cache's data-parallel rank.</param>
/// <param name="Changes">In order; at least one.</param>
internal sealed record KvEventBatch(ulong Sequence, ulong FirstEventId, DateTimeOffset Time, int Rank, IReadOnlyList<KvChange> Changes);
