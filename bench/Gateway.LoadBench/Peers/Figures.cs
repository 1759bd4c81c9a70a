using Gateway.LoadBench.Run;

namespace Gateway.LoadBench.Peers;

/// <summary>What the measurements say: each figure's median over the rounds, and its spread.</summary>
internal sealed class Figures(IReadOnlyList<Measurement> all)
{
    public IReadOnlyList<Measurement> All => all;

    /// <summary>The workloads that came in this way; those of streams have chunks.</summary>
    public IReadOnlyList<(string Name, int Chunks)> Workloads(LoadKind kind, bool isStream) =>
        [.. all.Where(one => one.Kind == kind && one.Chunks > 0 == isStream).Select(static one => (one.Workload, one.Chunks)).Distinct()];

    public Spread Of(string arm, string workload, LoadKind kind, Func<Measurement, double> value) =>
        Spread.Of(Rounds(arm, workload, kind).Select(value));

    /// <summary>What an arm adds to going direct, in milliseconds; taken within a round. Of going direct, the time itself.</summary>
    public Spread Added(string arm, string workload, LoadKind kind, Func<Measurement, double> microseconds)
    {
        var mine = Rounds(arm, workload, kind).Select(microseconds);
        return arm == Arm.Direct
            ? Spread.Of(mine).Times(0.001)
            : Spread.Of(mine.Zip(Rounds(Arm.Direct, workload, kind), (one, direct) => one - microseconds(direct))).Times(0.001);
    }

    /// <summary>CPU time of an arm for a request as a multiple of another's; taken within a round.</summary>
    public Spread CpuRatio(string arm, string other, string workload, LoadKind kind) => arm == Arm.Direct
        ? Spread.None
        : Spread.Of(Rounds(arm, workload, kind).Zip(Rounds(other, workload, kind), static (one, its) => one.CpuMicroseconds / its.CpuMicroseconds));

    private IEnumerable<Measurement> Rounds(string arm, string workload, LoadKind kind) =>
        all.Where(one => one.Arm == arm && one.Workload == workload && one.Kind == kind).OrderBy(static one => one.Round);
}
