using System.Diagnostics;
using Akka.Actor;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using Gateway.Benchmarks.Fleet;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Benchmarks.RegistryBurst;

/// <summary>One fleet's life: empty, full, empty.</summary>
internal static class BurstRun
{
    private const int WorkersPerModel = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<BurstResult[]> MeasureAsync(int count, BurstWay way)
    {
        var specs = BenchFleet.Specs(count, count / WorkersPerModel);
        await using var fleet = new BenchFleet();
        GC.Collect();
        var registered = await MeasureAsync(
            fleet,
            new BurstResult(count, way, BurstPhase.Register),
            [.. specs.Select(static spec => new Register(spec, WorkerOrigin.Api))],
            snapshot => snapshot.Workers.Count == count && snapshot.Models.Values.Sum(static model => model.Ready.Length) == count)
            .ConfigureAwait(false);
        var removed = await MeasureAsync(
            fleet,
            new BurstResult(count, way, BurstPhase.Remove),
            [.. fleet.View.Current.Workers.Keys.Select(static id => new Remove(id))],
            static snapshot => snapshot.Workers.IsEmpty && snapshot.Models.IsEmpty)
            .ConfigureAwait(false);
        return [registered, removed];
    }

    private static async Task<BurstResult> MeasureAsync(
        BenchFleet fleet, BurstResult labels, IReadOnlyList<ICommand> commands, Func<RegistrySnapshot, bool> isDone)
    {
        var version = fleet.View.Current.Version;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var pause = GC.GetTotalPauseDuration();
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        if (labels.Way == BurstWay.Burst)
        {
            foreach (var command in commands)
                fleet.Registry.Tell(command, ActorRefs.NoSender);
        }
        else
        {
            foreach (var command in commands)
                _ = await fleet.Registry.Ask<Accepted>(command).ConfigureAwait(false);
        }

        await WaitAsync(fleet, isDone, start).ConfigureAwait(false);
        var wall = Stopwatch.GetElapsedTime(start);
        return labels with
        {
            WallMicroseconds = wall.TotalMicroseconds / commands.Count,
            CpuMicroseconds = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / commands.Count,
            PauseMicroseconds = (GC.GetTotalPauseDuration() - pause).TotalMicroseconds / commands.Count,
            Bytes = (double)(GC.GetTotalAllocatedBytes(precise: true) - bytes) / commands.Count,
            Publications = fleet.View.Current.Version - version,
        };
    }

    private static async Task WaitAsync(BenchFleet fleet, Func<RegistrySnapshot, bool> isDone, long start)
    {
        while (!isDone(fleet.View.Current))
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new TimeoutException("The registry did not get there.");
            await Task.Delay(1).ConfigureAwait(false);
        }
    }
}
