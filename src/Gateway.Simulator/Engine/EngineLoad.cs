namespace Gateway.Simulator.Engine;

/// <summary>What an engine is busy with at one moment; sequences and tokens.</summary>
internal readonly record struct EngineLoad(
    int Running,
    int Waiting,
    int WaitingTokens,
    int UsedTokens,
    int OccupiedTokens,
    int CapacityTokens)
{
    public double Usage => (double)UsedTokens / CapacityTokens;

    public static EngineLoad operator +(EngineLoad one, EngineLoad other) => new(
        one.Running + other.Running,
        one.Waiting + other.Waiting,
        one.WaitingTokens + other.WaitingTokens,
        one.UsedTokens + other.UsedTokens,
        one.OccupiedTokens + other.OccupiedTokens,
        one.CapacityTokens + other.CapacityTokens);
}
