using System.Diagnostics;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>
/// Threads that do the same number of operations each, from a common start. The time of a run is the time until the last one is done;
/// divided by the operations of one thread it is what an operation costs as that thread sees it. Perfect scaling is the same figure
/// on two threads as on one.
/// </summary>
internal sealed class ReaderThreads : IDisposable
{
    private readonly Barrier _start;
    private readonly Barrier _end;
    private readonly Thread[] _threads;
    private Func<int, int, long> _work = static (_, _) => 0;
    private int _operations;
    private long _allocated;
    private long _cpuNanoseconds;
    private TimeSpan _wall;
    private long _sum;
    private volatile bool _stopping;

    public ReaderThreads(int count)
    {
        _start = new Barrier(count + 1);
        _end = new Barrier(count + 1);
        _threads = new Thread[count];
        for (var i = 0; i < count; i++)
        {
            var index = i;
            _threads[i] = new Thread(() => Serve(index)) { IsBackground = true, Name = $"reader {i}" };
            _threads[i].Start();
        }
    }

    /// <summary>Of the last run, over all reading threads; what a writer beside them costs is not in it.</summary>
    public ReadSample LastRun
    {
        get
        {
            var operations = (double)_operations * _threads.Length;
            return new ReadSample(
                Interlocked.Read(ref _cpuNanoseconds) / operations,
                _wall.TotalNanoseconds / _operations,
                Interlocked.Read(ref _allocated) / operations);
        }
    }

    /// <param name="operations">For each thread.</param>
    /// <param name="work">Does so many operations on the thread with this index; its result is kept, so that no work is optimised away.</param>
    public long Run(int operations, Func<int, int, long> work)
    {
        _operations = operations;
        _work = work;
        Interlocked.Exchange(ref _allocated, 0);
        Interlocked.Exchange(ref _cpuNanoseconds, 0);
        var start = Stopwatch.GetTimestamp();
        _start.SignalAndWait();
        _end.SignalAndWait();
        _wall = Stopwatch.GetElapsedTime(start);
        return Interlocked.Read(ref _sum);
    }

    public void Dispose()
    {
        _stopping = true;
        _start.SignalAndWait();
        foreach (var thread in _threads)
            thread.Join();
        _start.Dispose();
        _end.Dispose();
    }

    private void Serve(int index)
    {
        while (true)
        {
            _start.SignalAndWait();
            if (_stopping)
                return;
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var cpu = ThreadClock.Nanoseconds();
            Interlocked.Add(ref _sum, _work(index, _operations));
            Interlocked.Add(ref _cpuNanoseconds, ThreadClock.Nanoseconds() - cpu);
            Interlocked.Add(ref _allocated, GC.GetAllocatedBytesForCurrentThread() - bytes);
            _end.SignalAndWait();
        }
    }
}
