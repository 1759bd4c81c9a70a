using System.Diagnostics;
using System.Net;

namespace Gateway.LoadBench.Client;

/// <summary>
/// The client of all arms. An answer that is not exactly what the worker says is a failure, and a failure is counted, not hidden.
/// </summary>
/// <param name="server">Whom it asks.</param>
/// <param name="workload">What it asks.</param>
/// <param name="expected">The right answer.</param>
/// <param name="isFresh">Whether no prompt comes twice.</param>
/// <param name="seesGaps">Whether it takes the times between a stream's events, which costs it something.</param>
internal sealed class LoadClient(Uri server, Workload workload, Expected expected, bool isFresh, bool seesGaps = false) : IDisposable
{
    private readonly List<Caller> _callers = [];

    /// <summary>So many connections, each with the next request as soon as it has its answer, until the time is up.</summary>
    public async Task<LoadResult> RunClosedLoopAsync(int connections, TimeSpan duration)
    {
        var result = new LoadResult();
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Take(connections).Select(caller => Task.Run(async () =>
        {
            while (Stopwatch.GetTimestamp() < end)
                await SendAsync(caller, result, since: null);
        })));
        return result;
    }

    /// <summary>
    /// Requests at fixed times, whatever becomes of those before. One that is sent late, because all connections are taken, counts from
    /// the time at which it was due: a server that stalls is charged for all who wait.
    /// </summary>
    /// <param name="connections">As many as are needed, and no more than these.</param>
    /// <param name="perSecond">The rate.</param>
    /// <param name="duration">How long.</param>
    /// <param name="leadIn">What comes just before, without being counted.</param>
    public async Task<LoadResult> RunFixedRateAsync(int connections, int perSecond, TimeSpan duration, LeadIn leadIn = default)
    {
        var result = new LoadResult();
        var uncounted = new LoadResult();
        var first = leadIn.Count;
        var count = first + (int)(duration.TotalSeconds * perSecond);
        var start = Stopwatch.GetTimestamp();
        var next = -1;
        await Task.WhenAll(Take(connections).Select(caller => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var index && index < count)
            {
                var seconds = index < first ? (double)index / leadIn.PerSecond : leadIn.Duration.TotalSeconds + ((double)(index - first) / perSecond);
                var due = start + (long)(seconds * Stopwatch.Frequency);
                var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait);
                // A timer that fires late is the bench's own fault.
                await SendAsync(caller, index < first ? uncounted : result, since: wait > TimeSpan.Zero ? null : due);
            }
        })));
        return result;
    }

    public void Dispose() => _callers.ForEach(static caller => caller.Connection.Dispose());

    private IEnumerable<Caller> Take(int count)
    {
        while (_callers.Count < count)
        {
            var gaps = seesGaps ? new EventGaps() : null;
            _callers.Add(new Caller(new HttpConnection(server, gaps), isFresh ? new NumberedRequest(workload) : null, gaps));
        }

        return _callers.Take(count);
    }

    private async ValueTask SendAsync(Caller caller, LoadResult result, long? since)
    {
        try
        {
            var answer = await caller.Connection.SendAsync(caller.Numbered?.Next() ?? workload.Request);
            if (expected.IsMetBy(answer))
            {
                result.Add(answer, since ?? answer.SentAt);
                if (caller.Gaps is { } gaps)
                    result.Add(gaps);
            }
            else if (answer.Status == (int)HttpStatusCode.TooManyRequests)
            {
                result.AddRefusal(answer, since ?? answer.SentAt);
            }
            else
            {
                result.AddFailure(expected.Lost(answer.Body.Span));
            }
        }
        catch (IOException)
        {
            result.AddFailure(expected.Lost(caller.Connection.Received.Span));
        }
    }

    /// <param name="Connection">Used by one request at a time.</param>
    /// <param name="Numbered">Null if all requests are the same.</param>
    /// <param name="Gaps">Of its last answer; null if nobody asks for them.</param>
    private sealed record Caller(HttpConnection Connection, NumberedRequest? Numbered, EventGaps? Gaps);
}

/// <summary>Requests before those that count, so that a server is not met standing still.</summary>
internal readonly record struct LeadIn(int PerSecond, TimeSpan Duration)
{
    public int Count => (int)(Duration.TotalSeconds * PerSecond);
}
