using Gateway.Actors.Workers;

namespace Gateway.Host.Configuration;

/// <summary>What the configuration file says of one model. What is null is left to the gateway's own settings, or not limited.</summary>
public sealed record ModelOptions
{
    /// <summary>Canonical: requests that name the model by an alias count as its own. <c>*</c> is the workers that serve any model.</summary>
    public required string Id { get; init; }

    /// <summary>For workers of every role; a model that <see cref="FleetOptions.ModelPolicies"/> names has the policy from there.</summary>
    public string? Policy { get; init; }

    /// <summary>Instead of <see cref="LimitOptions.MaxConcurrentRequestsPerModel"/>; 0 leaves it to the model's workers.</summary>
    public int? MaxConcurrentRequests { get; init; }

    /// <summary>What a worker overrides itself goes before it.</summary>
    public RetryOverrides? Retry { get; init; }

    /// <summary>Of all tenants together, 1 and up; null sets no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Of prompts and answers of all tenants together, 1 and up; null sets no limit.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>Instead of <see cref="TextOptions.TokenizerPath"/>.</summary>
    public string? TokenizerPath { get; init; }

    /// <summary>Instead of <see cref="TextOptions.ChatTemplate"/>.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Instead of <see cref="TextOptions.ReasoningParser"/>.</summary>
    public string? ReasoningParser { get; init; }

    /// <summary>Instead of <see cref="TextOptions.ToolCallParser"/>.</summary>
    public string? ToolCallParser { get; init; }
}
