namespace Gateway.Actors.Routing;

/// <summary>Of <see cref="LeastLoadPolicy"/>, and of <see cref="DpMinTokenPolicy"/> as far as it estimates prompts.</summary>
public sealed record LeastLoadSettings
{
    /// <summary>Seconds of waiting that a KV cache at 50 % weighs as much as; 0 leaves the cache out.</summary>
    public double KvPressureWeight { get; init; } = 0.15;

    /// <summary>Tokens per second of an engine that does not tell, or has not been busy enough to show what it can do; above 0.</summary>
    public double DefaultThroughput { get; init; } = 2000;

    /// <summary>Tokens of a prompt whose length nobody has counted.</summary>
    public int MeanPrefillTokens { get; init; } = 1024;
}
