using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using Gateway.Actors.Engines;
using Gateway.Actors.Workers;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>
/// From a worker that was picked to the client that speaks to it. The workers are the ten of one model, so all of it is in the cache:
/// what is measured is the fetch, not the memory. Mutations go to the registry in every case.
/// </summary>
public class ClientBenchmarks : ReadBenchmarks
{
    private const int Many = 1 << 21;
    private const int Fewer = 1 << 16;
    private const int Lap = 1 << 10;

    private readonly ReaderWriterLockSlim _readerWriterLock = new();
    private readonly SemaphoreSlim _semaphore = new(1, 1);
    private readonly object _monitor = new();
    private Worker[] _workers = [];
    private EngineClient[] _clients = [];
    private Lazy<EngineClient>[] _lazyClients = [];
    private ConcurrentDictionary<WorkerId, EngineClient> _byId = new();

    [GlobalSetup]
    public void SetUpClients()
    {
        // Sixteen places, so that going round is one mask.
        var workers = ReadScene.Instance.Models.Values.First();
        _workers = [.. Enumerable.Range(0, 16).Select(i => workers[i % workers.Length])];
        _clients = [.. _workers.Select(static worker => worker.Client!)];
        _lazyClients = [.. _clients.Select(static client => new Lazy<EngineClient>(() => client))];
        _byId = new(workers.Select(static worker => KeyValuePair.Create(worker.Id, worker.Client!)));
        SetUp(static (scene, number) => scene.MutateRegistry(number));
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Many)]
    public long WriteOnceClient() => Fetch(nameof(WriteOnceClient), Many, Cells);

    [Benchmark(OperationsPerInvoke = Fewer)]
    public long SemaphoreSlimClient() => Fetch(nameof(SemaphoreSlimClient), Fewer, Guarded);

    [Benchmark(OperationsPerInvoke = Many)]
    public long LazyClient() => Fetch(nameof(LazyClient), Many, Lazily);

    [Benchmark(OperationsPerInvoke = Fewer)]
    public long ReaderWriterLockClient() => Fetch(nameof(ReaderWriterLockClient), Fewer, Locked);

    [Benchmark(OperationsPerInvoke = Fewer)]
    public long MonitorClient() => Fetch(nameof(MonitorClient), Fewer, Monitored);

    [Benchmark(OperationsPerInvoke = Fewer)]
    public long ConcurrentDictionaryClient() => Fetch(nameof(ConcurrentDictionaryClient), Fewer, ById);

    private long Fetch(string method, int operations, Func<int> lap) => Measure(method, operations, (_, count) =>
    {
        long sum = 0;
        for (var done = 0; done < count; done += Lap)
            sum += lap();
        return sum;
    });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Cells()
    {
        var found = 0;
        var workers = _workers;
        for (var i = 0; i < Lap; i++)
            found += workers[i & 15].Client is null ? 0 : 1;
        return found;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Guarded()
    {
        var found = 0;
        for (var i = 0; i < Lap; i++)
        {
            _semaphore.Wait();
            found += _clients[i & 15] is null ? 0 : 1;
            _semaphore.Release();
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Lazily()
    {
        var found = 0;
        var clients = _lazyClients;
        for (var i = 0; i < Lap; i++)
            found += clients[i & 15].Value is null ? 0 : 1;
        return found;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Locked()
    {
        var found = 0;
        for (var i = 0; i < Lap; i++)
        {
            _readerWriterLock.EnterReadLock();
            found += _clients[i & 15] is null ? 0 : 1;
            _readerWriterLock.ExitReadLock();
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Monitored()
    {
        var found = 0;
        for (var i = 0; i < Lap; i++)
        {
            lock (_monitor)
                found += _clients[i & 15] is null ? 0 : 1;
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int ById()
    {
        var found = 0;
        var workers = _workers;
        for (var i = 0; i < Lap; i++)
            found += _byId.TryGetValue(workers[i & 15].Id, out _) ? 1 : 0;
        return found;
    }
}
