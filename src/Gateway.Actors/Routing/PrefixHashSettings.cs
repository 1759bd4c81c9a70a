namespace Gateway.Actors.Routing;

/// <summary>Of <see cref="PrefixHashPolicy"/>.</summary>
public sealed record PrefixHashSettings
{
    /// <summary>How much of a prompt's beginning decides where it goes, in tokens; at least 1.</summary>
    public int PrefixTokens { get; init; } = 256;

    /// <summary>How many times the mean load a worker may have before its requests go to the next; at least 1.</summary>
    public double LoadFactor { get; init; } = 1.25;
}
