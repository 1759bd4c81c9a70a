namespace Gateway.LoadBench.Run;

/// <summary>What the servers cost while nobody asks them anything. At moderate rates it is a good part of the cost per request.</summary>
internal static class Idling
{
    /// <summary>What the last requests have left to do is over by then.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    /// <summary>All arms at the same time.</summary>
    public static async Task<IReadOnlyList<IdleCost>> MeasureAsync(IReadOnlyList<Arm> arms, TimeSpan duration)
    {
        await Task.Delay(Settling);
        Arm[] servers = [.. arms.Where(static arm => arm.Server is not null)];
        TimeSpan[] before = [.. servers.Select(static arm => arm.Server!.CpuTime())];
        await Task.Delay(duration);
        return [.. servers.Zip(before, (arm, start) =>
            new IdleCost(arm.Name, (arm.Server!.CpuTime() - start) / duration * 1000, arm.Server.ResidentBytes()))];
    }
}

/// <param name="Arm">Whose.</param>
/// <param name="CpuMilliseconds">Of CPU time, each second.</param>
/// <param name="ResidentBytes">Memory after the warm-up.</param>
internal sealed record IdleCost(string Arm, double CpuMilliseconds, long ResidentBytes);
