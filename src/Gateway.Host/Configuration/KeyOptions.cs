using Gateway.Actors.Workers;
using Gateway.Host.Admission;

namespace Gateway.Host.Configuration;

/// <summary>A key with a role.</summary>
public sealed record KeyOptions
{
    /// <summary>As it stands in the audit log.</summary>
    public required string Name { get; init; }

    /// <summary>As it was written: itself or its hash, see <see cref="StoredKey"/>.</summary>
    public required Secret Key { get; init; }

    public KeyRole Role { get; init; }

    /// <summary>Whose requests carry it; null for the tenant that is called default.</summary>
    public string? Tenant { get; init; }
}
