using Gateway.Actors.Workers;
using Gateway.Host.Admission;

namespace Gateway.Host.Configuration;

/// <summary>A client with a key and limits of its own.</summary>
public sealed record TenantOptions
{
    /// <summary>As it stands in the log.</summary>
    public required string Name { get; init; }

    /// <summary>As it was written: itself or its hash, see <see cref="StoredKey"/>. Null if <see cref="SecurityOptions.Keys"/> or the keys file have its keys.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>Its requests at once, 1 and up; the next waits in the queue. Null sets no limit.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>1 and up; null sets no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Of prompts and answers together, 1 and up; null sets no limit.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>The highest priority its requests may ask for; null takes <see cref="LimitOptions.MaxPriority"/>.</summary>
    public RequestPriority? MaxPriority { get; init; }
}
