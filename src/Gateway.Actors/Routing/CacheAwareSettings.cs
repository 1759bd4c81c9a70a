namespace Gateway.Actors.Routing;

/// <summary>Settings of <see cref="CacheAwarePolicy"/>, with their defaults.</summary>
public sealed record CacheAwareSettings
{
    public static CacheAwareSettings Default { get; } = new();

    /// <summary>
    /// Bytes of the one table for all models, taken when the first model with this policy appears; at least 1 MiB. A page of a prompt
    /// (128 bytes or more) on up to 24 workers takes 16 bytes: the default remembers four million pages, 512 MiB of distinct prompts or more.
    /// That is more than 100 million tokens, which no fleet of a hundred GPUs holds in its caches.
    /// </summary>
    public long MemoryBytes { get; init; } = 64L << 20;

    /// <summary>How deep into a prompt the index looks, in bytes, at most 1 GiB. What follows counts as not cached, on every worker.</summary>
    public int MaxPromptBytes { get; init; } = 4 << 20;

    /// <summary>What a byte of prompt that waits on a worker counts, against 1 for one that would have to be prefilled; 0 or more.</summary>
    public double PendingWeight { get; init; } = 0.5;

    /// <summary>What a running request counts, in bytes of prefill; 0 or more. See <see cref="CacheAwarePolicy"/> for both.</summary>
    public int RunningBytes { get; init; } = 2048;

    /// <summary>After this much silence of a worker's KV events, what was sent to it counts instead of what it said.</summary>
    public TimeSpan FeedTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// For those who migrate: a match of this share of the prompt or less, 0 to 1, is none (the reference policy has 0.3). Null: every match counts
    /// for what it saves.
    /// </summary>
    public double? CacheThreshold { get; init; }
}
