using System.Diagnostics;

namespace Gateway.Benchmarks.RegistryRead;

/// <summary>Mutates at a fixed rate beside the readers; after a pause it catches up.</summary>
internal sealed class Mutator : IDisposable
{
    private readonly Thread _thread;
    private volatile bool _stopping;
    private long _done;

    public Mutator(int perSecond, Action<int> mutate)
    {
        _thread = new Thread(() =>
        {
            var start = Stopwatch.GetTimestamp();
            while (!_stopping)
            {
                var due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * perSecond);
                while (_done < due && !_stopping)
                    mutate((int)_done++);
                Thread.Sleep(1);
            }
        })
        { IsBackground = true, Name = "mutator" };
        _thread.Start();
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
    }
}
