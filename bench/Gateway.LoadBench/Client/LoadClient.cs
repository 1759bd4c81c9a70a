using System.Diagnostics;

namespace Gateway.LoadBench.Client;

/// <summary>
/// The client of all arms. An answer that is not exactly what the worker says is a failure, and a failure is counted, not hidden.
/// </summary>
internal sealed class LoadClient(Uri server, Workload workload, Expected expected) : IDisposable
{
    private readonly List<HttpConnection> _connections = [];

    /// <summary>So many connections, each with the next request as soon as it has its answer, until the time is up.</summary>
    public async Task<LoadResult> RunClosedLoopAsync(int connections, TimeSpan duration)
    {
        var result = new LoadResult();
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Take(connections).Select(connection => Task.Run(async () =>
        {
            while (Stopwatch.GetTimestamp() < end)
                await SendAsync(connection, result, since: null);
        })));
        return result;
    }

    /// <summary>
    /// Requests at fixed times, whatever becomes of those before. One that is sent late, because all connections are taken, counts from
    /// the time at which it was due: a server that stalls is charged for all who wait.
    /// </summary>
    public async Task<LoadResult> RunFixedRateAsync(int connections, int perSecond, TimeSpan duration)
    {
        var result = new LoadResult();
        var count = (int)(duration.TotalSeconds * perSecond);
        var start = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Take(connections).Select(connection => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var index && index < count)
            {
                var due = start + (long)((double)index / perSecond * Stopwatch.Frequency);
                var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait);
                // A timer that fires late is the bench's own fault.
                await SendAsync(connection, result, since: wait > TimeSpan.Zero ? null : due);
            }
        })));
        return result;
    }

    public void Dispose() => _connections.ForEach(static connection => connection.Dispose());

    private IEnumerable<HttpConnection> Take(int count)
    {
        while (_connections.Count < count)
            _connections.Add(new HttpConnection(server));
        return _connections.Take(count);
    }

    private async ValueTask SendAsync(HttpConnection connection, LoadResult result, long? since)
    {
        try
        {
            var answer = await connection.SendAsync(workload.Request);
            if (expected.IsMetBy(answer))
                result.Add(answer, since ?? answer.SentAt);
            else
                result.AddFailure();
        }
        catch (IOException)
        {
            result.AddFailure();
        }
    }
}
