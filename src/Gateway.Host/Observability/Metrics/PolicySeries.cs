namespace Gateway.Host.Observability.Metrics;

/// <summary>Whose choices are counted.</summary>
internal readonly record struct PolicyKey(string Policy, string Role, string Model);

/// <summary>Counts what one policy has chosen for one model. Plain words, read when somebody looks.</summary>
internal sealed class PolicySeries
{
    private long _taken;
    private long _nobody;
    private long _lost;
    private long _promptBytes;
    private long _knownBytes;

    /// <summary>Requests for which it has found a worker.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Requests for which no worker was eligible.</summary>
    public long Nobody => Volatile.Read(ref _nobody);

    /// <summary>Choices that came to nothing, since the worker had closed meanwhile.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Bytes of the prompts.</summary>
    public long PromptBytes => Volatile.Read(ref _promptBytes);

    /// <summary>Those of them that the chosen worker is thought to have in its cache.</summary>
    public long KnownBytes => Volatile.Read(ref _knownBytes);

    public void FoundNobody() => Interlocked.Increment(ref _nobody);

    public void Lose() => Interlocked.Increment(ref _lost);

    /// <param name="promptBytes">Of the whole prompt.</param>
    /// <param name="prefillBytes">What the worker has to prefill of it.</param>
    public void Take(long promptBytes, long prefillBytes)
    {
        Interlocked.Increment(ref _taken);
        if (promptBytes == 0)
            return;
        Interlocked.Add(ref _promptBytes, promptBytes);
        if (prefillBytes < promptBytes)
            Interlocked.Add(ref _knownBytes, promptBytes - prefillBytes);
    }
}
