namespace Gateway.Simulator;

/// <summary>
/// The faults in force on a worker. The first rule in the list that is for a request, has requests left and wins its draw is
/// the one that the request meets.
/// </summary>
public sealed class SimulatorFaults
{
    private readonly Lock _lock = new();
    private readonly Random _random;
    private FaultRule[] _rules;

    /// <param name="seed">Of the draws for rules with a share.</param>
    internal SimulatorFaults(int seed, IReadOnlyList<FaultRule> rules)
    {
        foreach (var rule in rules)
            rule.Validate();
        _random = new Random(seed);
        _rules = [.. rules];
    }

    /// <summary>Told of each change of the list.</summary>
    internal event Action? Changed;

    public IReadOnlyList<FaultRule> Rules => Volatile.Read(ref _rules);

    /// <summary>Refuses connections until <see cref="Clear"/>, or for a time.</summary>
    public void RefuseConnections(TimeSpan? duration = null) => Add(new FaultRule { Kind = FaultKind.Refuse, ForMs = Milliseconds(duration) });

    /// <summary>Never answers the next requests; all, if no number is given.</summary>
    public void Hang(int? requests = null, FaultTarget target = FaultTarget.Requests) =>
        Add(new FaultRule { Kind = FaultKind.Hang, Requests = requests, Target = target });

    public void SlowDown(double factor) => Add(new FaultRule { Kind = FaultKind.Slow, Factor = factor });

    /// <summary>Answers with an error, such as 500, 503 or 429.</summary>
    public void FailRequests(int status = 503, int? requests = null, double share = 1, TimeSpan? retryAfter = null) =>
        Add(new FaultRule
        {
            Kind = FaultKind.Status,
            Status = status,
            Requests = requests,
            Share = share,
            RetryAfterSeconds = (int?)retryAfter?.TotalSeconds,
        });

    /// <summary>Answers probes with an error, and requests as ever.</summary>
    public void FailHealth(int status = 503, int? probes = null) =>
        Add(new FaultRule { Kind = FaultKind.Status, Status = status, Requests = probes, Target = FaultTarget.Probes });

    /// <summary>Resets the connection in the middle of a stream. A client sees at most so many events.</summary>
    public void CutAfterEvents(int events, int? requests = null, double share = 1) =>
        Add(new FaultRule { Kind = FaultKind.Cut, AfterEvents = events, Requests = requests, Share = share });

    /// <summary>Goes silent in the middle of a stream and keeps the connection.</summary>
    public void StallAfterEvents(int events, int? requests = null) =>
        Add(new FaultRule { Kind = FaultKind.Stall, AfterEvents = events, Requests = requests });

    /// <summary>Breaks the JSON of one event of a stream.</summary>
    public void MalformAfterEvents(int events, int? requests = null) =>
        Add(new FaultRule { Kind = FaultKind.Malformed, AfterEvents = events, Requests = requests });

    /// <summary>Dies when the next request comes; comes back by itself if a time is given.</summary>
    public void CrashOnNextRequest(TimeSpan? downtime = null) =>
        Add(new FaultRule { Kind = FaultKind.Crash, Requests = 1, ForMs = Milliseconds(downtime) });

    public void Add(FaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        rule.Validate();
        Change(rules => [.. rules, rule]);
    }

    public void Replace(IReadOnlyList<FaultRule> rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        foreach (var rule in rules)
            rule.Validate();
        Change(_ => [.. rules]);
    }

    public void Clear() => Change(static _ => []);

    internal void Remove(FaultRule rule) => Change(rules => [.. rules.Where(other => !ReferenceEquals(other, rule))]);

    /// <summary>The fault that this request meets; uses up one of the rule's requests.</summary>
    internal FaultRule? Draw(bool isProbe)
    {
        if (Volatile.Read(ref _rules).Length == 0)
            return null;
        lock (_lock)
        {
            var at = Array.FindIndex(_rules, rule => IsFor(rule, isProbe) && rule.Requests != 0 && Strikes(rule));
            if (at < 0)
                return null;
            var rule = _rules[at];
            if (rule.Requests is { } left)
                Volatile.Write(ref _rules, [.. _rules[..at], rule with { Requests = left - 1 }, .. _rules[(at + 1)..]]);
            return rule;
        }
    }

    private bool Strikes(FaultRule rule) => rule.Share >= 1 || _random.NextDouble() < rule.Share;

    private static bool IsFor(FaultRule rule, bool isProbe) => rule.Kind switch
    {
        // These are states of the worker, not of a request.
        FaultKind.Refuse or FaultKind.Slow => false,
        _ => rule.Target == FaultTarget.All || (rule.Target == FaultTarget.Probes) == isProbe,
    };

    private static int? Milliseconds(TimeSpan? duration) => (int?)duration?.TotalMilliseconds;

    private void Change(Func<FaultRule[], FaultRule[]> change)
    {
        lock (_lock)
            Volatile.Write(ref _rules, change(_rules));
        Changed?.Invoke();
    }
}
