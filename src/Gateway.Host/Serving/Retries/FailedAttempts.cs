using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Api;
using Gateway.Host.Configuration;

namespace Gateway.Host.Serving.Retries;

/// <summary>
/// What a request remembers of its attempts that failed. Made after the first of them: a request that succeeds at once pays nothing for it.
/// </summary>
internal sealed class FailedAttempts(RetryOptions retry, TimeProvider time) : IDisposable
{
    private readonly RetryOptions _defaults = retry;
    private readonly List<Asked> _asked = [];
    private TriedWorkers _excluded;

    /// <summary>Settings of the worker that failed last.</summary>
    public RetryOptions Retry { get; private set; } = retry;

    /// <summary>The last answer of an engine, if one did answer.</summary>
    public HttpResponseMessage? Answer { get; private set; }

    /// <summary>What to say if none did.</summary>
    public GatewayError? Error { get; private set; }

    /// <summary>Pauses made so far.</summary>
    public int Waits { get; set; }

    /// <param name="worker">Who was to answer.</param>
    /// <param name="prefill">The other half, if a pair did the work.</param>
    /// <param name="end">How it failed, and who of the two is to be avoided for it.</param>
    public void Add(Worker worker, Worker? prefill, in AttemptEnd end)
    {
        Retry = _defaults.With((end.Faulty == FaultyHalf.Prefill ? prefill! : worker).Spec.Retry);
        if (end.Answer is null)
        {
            Error = end.Error;
        }
        else
        {
            Answer?.Dispose();
            Answer = end.Answer;
        }

        if (end.Faulty != FaultyHalf.Prefill)
            Avoid(worker, end.Answer);
        if (end.Faulty != FaultyHalf.Answering && prefill is not null)
            Avoid(prefill, end.Answer);
    }

    /// <summary>The request is given up: an answer that would have been good enough is not any more.</summary>
    public void GiveUp(GatewayError? error)
    {
        Answer?.Dispose();
        Answer = null;
        Error = error;
    }

    /// <summary>Workers whose connection failed: this request will not see them again.</summary>
    public TriedWorkers Excluded => _excluded;

    /// <summary>All workers that have failed, in whatever way.</summary>
    public TriedWorkers All => Union(static (_, _) => true);

    /// <summary>How long until the first worker may be asked again, by its own word; 0 or less if one may be now.</summary>
    public TimeSpan UntilFirstIsDue =>
        _asked.Count == 0 ? TimeSpan.Zero : time.GetElapsedTime(time.GetTimestamp(), _asked.Min(static asked => asked.DueAt));

    /// <summary>The time, as a timestamp, in so long from now.</summary>
    public long TimeIn(TimeSpan wait) => time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);

    /// <summary>The excluded, and those that asked for more time than until then.</summary>
    public TriedWorkers NotDueAt(long timestamp) => Union((asked, _) => asked.DueAt > timestamp);

    /// <summary>The same, and the one that was asked last.</summary>
    public TriedWorkers NotDueOrLast(long timestamp) => Union((asked, isLast) => isLast || asked.DueAt > timestamp);

    public void Dispose() => Answer?.Dispose();

    private void Avoid(Worker worker, HttpResponseMessage? answer)
    {
        _asked.RemoveAll(asked => asked.Id == worker.Id);
        if (answer is null)
            _excluded.Add(worker.Id);
        else
            _asked.Add(new Asked(worker.Id, TimeIn(RetryAfter.Of(answer, time.GetUtcNow()))));
    }

    private TriedWorkers Union(Func<Asked, bool, bool> isAvoided)
    {
        var union = _excluded;
        for (var i = 0; i < _asked.Count; i++)
        {
            if (isAvoided(_asked[i], i == _asked.Count - 1))
                union.Add(_asked[i].Id);
        }

        return union;
    }

    /// <summary>A worker that answered with an error.</summary>
    /// <param name="DueAt">When it may be asked again, by its own word, as a timestamp.</param>
    private readonly record struct Asked(WorkerId Id, long DueAt);
}
