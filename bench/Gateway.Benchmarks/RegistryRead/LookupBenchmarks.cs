using BenchmarkDotNet.Attributes;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>A request's model name, as bytes, to the workers that serve it.</summary>
public class LookupBenchmarks : ReadBenchmarks
{
    /// <summary>Some milliseconds a run, against the 20 to 50 µs that starting the threads together takes.</summary>
    private const int Many = 1 << 18;

    private const int Fewer = 1 << 15;

    private ConcurrentDictionaryStore _concurrent = null!;
    private ReaderWriterLockStore _locked = null!;
    private ImmutableDictionaryStore _immutable = null!;
    private FrozenDictionaryStore _frozen = null!;

    [GlobalSetup(Target = nameof(Snapshot))]
    public void SetUpSnapshot() => SetUp(static (scene, number) => scene.MutateRegistry(number));

    [GlobalSetup(Targets = [nameof(ConcurrentDictionaryCopy), nameof(ConcurrentDictionaryCopyBySpan)])]
    public void SetUpConcurrent()
    {
        _concurrent = new ConcurrentDictionaryStore(ReadScene.Instance.Models);
        SetUp((scene, number) => scene.MutateRival(_concurrent, number));
    }

    [GlobalSetup(Targets = [nameof(ReaderWriterLockCopy), nameof(ReaderWriterLockCopyBySpan)])]
    public void SetUpLocked()
    {
        _locked = new ReaderWriterLockStore(ReadScene.Instance.Models);
        SetUp((scene, number) => scene.MutateRival(_locked, number));
    }

    [GlobalSetup(Target = nameof(ImmutableDictionary))]
    public void SetUpImmutable()
    {
        _immutable = new ImmutableDictionaryStore(ReadScene.Instance.Models);
        SetUp((scene, number) => scene.MutateRival(_immutable, number));
    }

    [GlobalSetup(Target = nameof(FrozenDictionaryBySpan))]
    public void SetUpFrozen()
    {
        _frozen = new FrozenDictionaryStore(ReadScene.Instance.Models);
        SetUp((scene, number) => scene.MutateRival(_frozen, number));
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Many)]
    public long Snapshot() => Read(nameof(Snapshot), Many, new SnapshotReader(Scene.View));

    [Benchmark(OperationsPerInvoke = Fewer)]
    public long ConcurrentDictionaryCopy() => Read(nameof(ConcurrentDictionaryCopy), Fewer, new ConcurrentReader(_concurrent));

    [Benchmark(OperationsPerInvoke = Fewer)]
    public long ConcurrentDictionaryCopyBySpan() =>
        Read(nameof(ConcurrentDictionaryCopyBySpan), Fewer, new ConcurrentReaderBySpan(_concurrent));

    [Benchmark(OperationsPerInvoke = Fewer)]
    public long ReaderWriterLockCopy() => Read(nameof(ReaderWriterLockCopy), Fewer, new LockedReader(_locked));

    [Benchmark(OperationsPerInvoke = Fewer)]
    public long ReaderWriterLockCopyBySpan() => Read(nameof(ReaderWriterLockCopyBySpan), Fewer, new LockedReaderBySpan(_locked));

    [Benchmark(OperationsPerInvoke = Fewer)]
    public long ImmutableDictionary() => Read(nameof(ImmutableDictionary), Fewer, new ImmutableReader(_immutable));

    [Benchmark(OperationsPerInvoke = Many)]
    public long FrozenDictionaryBySpan() => Read(nameof(FrozenDictionaryBySpan), Many, new FrozenReaderBySpan(_frozen));

    private long Read<TReader>(string method, int operations, TReader reader)
        where TReader : struct, IModelReader
    {
        var names = Scene.Names;
        return Measure(method, operations, (thread, count) => ReadLoop.Run(reader, names, thread, count));
    }
}
