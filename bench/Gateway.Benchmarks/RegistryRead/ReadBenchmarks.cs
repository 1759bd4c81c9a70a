using System.Diagnostics;
using BenchmarkDotNet.Attributes;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>What the benchmarks of reading share: the threads, and the mutations beside them.</summary>
public abstract class ReadBenchmarks
{
    /// <summary>The runtime compiles hot methods anew some 100 ms after the last burst of new ones.</summary>
    private static readonly TimeSpan CompilingTakes = TimeSpan.FromSeconds(0.7);

    private static readonly HashSet<string> s_compiled = [];

    private ReaderThreads _threads = null!;
    private Mutator? _mutator;

    [Params(1, 2)]
    public int Threads { get; set; }

    [Params(0, 1000)]
    public int MutationsPerSecond { get; set; }

    internal ReadScene Scene { get; private set; } = null!;

    [GlobalCleanup]
    public void CleanUp()
    {
        _mutator?.Dispose();
        _threads.Dispose();
    }

    internal void SetUp(Action<ReadScene, int> mutate)
    {
        Console.Error.Write('.');
        Scene = ReadScene.Instance;
        _threads = new ReaderThreads(Threads);
        _mutator = MutationsPerSecond == 0 ? null : new Mutator(MutationsPerSecond, number => mutate(Scene, number));
    }

    internal long Measure(string method, int operations, Func<int, int, long> work)
    {
        if (s_compiled.Add(method))
            RunUntilCompiled(operations, work);
        var sum = _threads.Run(operations, work);
        ReadSamples.Record(method, Threads, MutationsPerSecond, _threads.LastRun);
        return sum;
    }

    private void RunUntilCompiled(int operations, Func<int, int, long> work)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < CompilingTakes)
            _threads.Run(operations, work);
    }
}
