using System.Diagnostics;
using Gateway.Actors.Workers;

namespace Gateway.Host.Commands.Bench;

/// <summary>
/// Sends the requests of a plan and hands on what became of each. Those that run when the time is up are waited for: leaving out the slowest
/// would flatter the server. One that begins late, because there are as many at once as may be, counts from when it was due.
/// </summary>
internal sealed class BenchLoad : IDisposable
{
    /// <summary>By how much a timer may be late without the server being charged for it.</summary>
    private static readonly TimeSpan LateTimer = TimeSpan.FromMilliseconds(20);

    private readonly BenchPlan _plan;
    private readonly BenchPrompts _prompts;
    private readonly Secret? _key;
    private readonly HttpClient _http;
    private int _next;
    private int _running;

    public BenchLoad(Uri server, BenchPlan plan, BenchPrompts prompts, Secret? key)
    {
        _plan = plan;
        _prompts = prompts;
        _key = key;
        var handler = new SocketsHttpHandler { UseProxy = !server.IsLoopback, AllowAutoRedirect = false, UseCookies = false };
        _http = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
    }

    public int Running => Volatile.Read(ref _running);

    public void Dispose() => _http.Dispose();

    /// <summary>What has to be sent before anything counts, so that connections are there and code is compiled.</summary>
    public Task WarmUpAsync(CancellationToken cancellation) =>
        CallAsync(Math.Min(_plan.Concurrency, _plan.WarmUp), _plan.WarmUp, duration: null, static _ => { }, cancellation);

    /// <param name="report">Told of each request, by several threads at once.</param>
    /// <param name="cancellation">Requests that run then are not waited for, and not reported.</param>
    public Task RunAsync(Action<BenchOutcome> report, CancellationToken cancellation) => _plan.Rate is { } rate
        ? CallAtRateAsync(rate, report, cancellation)
        : CallAsync(Math.Min(_plan.Concurrency, _plan.Requests), _plan.Requests, _plan.Duration, report, cancellation);

    private async Task CallAsync(int callers, int requests, TimeSpan? duration, Action<BenchOutcome> report, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        var left = requests;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(CallerAsync, cancellation)));

        async Task CallerAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0 && (duration is not { } limit || Stopwatch.GetElapsedTime(start) < limit))
                report(await SendAsync(Stopwatch.GetTimestamp(), cancellation));
        }
    }

    private async Task CallAtRateAsync(double rate, Action<BenchOutcome> report, CancellationToken cancellation)
    {
        using var places = new SemaphoreSlim(_plan.Concurrency);
        var running = new List<Task>();
        var start = Stopwatch.GetTimestamp();
        var due = 0.0;
        for (var sent = 0; sent < _plan.Requests && (_plan.Duration is not { } limit || due < limit.TotalSeconds); sent++)
        {
            var wait = TimeSpan.FromSeconds(due) - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, cancellation);
            await places.WaitAsync(cancellation);
            running.RemoveAll(static task => task.IsCompletedSuccessfully);
            running.Add(SendOneAsync(start + (long)(due * Stopwatch.Frequency)));
            due += _plan.IsEven ? 1 / rate : -Math.Log(1 - Random.Shared.NextDouble()) / rate;
        }

        await Task.WhenAll(running);

        async Task SendOneAsync(long dueAt)
        {
            try
            {
                var late = Stopwatch.GetElapsedTime(dueAt);
                report(await SendAsync(late < LateTimer ? Stopwatch.GetTimestamp() : dueAt, cancellation));
            }
            finally
            {
                places.Release();
            }
        }
    }

    private async Task<BenchOutcome> SendAsync(long due, CancellationToken cancellation)
    {
        var reader = new BenchAnswerReader(_plan, due);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(_plan.Timeout);
        Interlocked.Increment(ref _running);
        try
        {
            using var request = BenchRequest.Make(_plan, _prompts.Of(Interlocked.Increment(ref _next)), _key);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return await reader.ReadAsync(response, limit.Token);
        }
        catch (HttpRequestException failure)
        {
            return reader.End(BenchEnding.NoConnection, failure.InnerException?.Message ?? failure.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return reader.End(BenchEnding.TimedOut);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}
