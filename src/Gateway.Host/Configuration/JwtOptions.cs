using Gateway.Actors.Workers;
using Gateway.Host.Admission;

namespace Gateway.Host.Configuration;

/// <summary>Whose tokens open the control plane, beside keys.</summary>
public sealed record JwtOptions
{
    /// <summary>What tokens must name as their issuer; null for no tokens at all.</summary>
    public string? Issuer { get; init; }

    /// <summary>What tokens must be meant for.</summary>
    public string? Audience { get; init; }

    /// <summary>Where the issuer's keys are; null asks its discovery document, unless there is <see cref="KeysFile"/>.</summary>
    public string? KeysUri { get; init; }

    /// <summary>JWKS file with the issuer's keys, for gateways that cannot reach it.</summary>
    public string? KeysFile { get; init; }

    /// <summary>Claim that has the roles; with dots, a way through objects.</summary>
    public string RoleClaim { get; init; } = "roles";

    /// <summary>What the issuer's roles mean here; empty takes them by their names.</summary>
    public EquatableArray<RoleName> RoleMapping { get; init; }

    /// <summary>How much the issuer's clock may differ.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Signatures that count. Those with a shared secret are none: whoever can check them can make them.</summary>
    public EquatableArray<string> Algorithms { get; init; } = [.. AllAlgorithms];

    public static IReadOnlyList<string> AllAlgorithms { get; } = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public bool IsOn => Issuer is not null;
}

/// <summary>An issuer's role, and what it is here.</summary>
public sealed record RoleName(string Theirs, KeyRole Ours);
