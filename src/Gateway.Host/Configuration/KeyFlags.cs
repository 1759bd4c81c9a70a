using static Gateway.Host.Configuration.OptionDefinition;
using static Gateway.Host.Configuration.OptionGroup;
using static Gateway.Host.Configuration.ValueFormats;

namespace Gateway.Host.Configuration;

/// <summary>The part of the <see cref="OptionCatalog"/> that says who is let in.</summary>
internal static class KeyFlags
{
    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Single(Keys, "api-key", Key, o => o.Security.ApiKey, (o, v) => o with { Security = o.Security with { ApiKey = v } },
            "Key that clients must send, or sha256: and its hash; without one everybody is let in.") with { Excludes = "api-key-file" },
        Single(Keys, "api-key-file", KeyFile, o => o.Security.ApiKey, (o, v) => o with { Security = o.Security with { ApiKey = v } },
            "File that holds the clients' key, or its hash.") with { Excludes = "api-key" },
        Single(Keys, "keys-file", FilePath, o => o.Security.KeysFile, (o, v) => o with { Security = o.Security with { KeysFile = v } },
            "YAML or JSON list of keys with roles; watched, and followed when it changes."),
        Single(Keys, "control-plane-api-key", Key, o => o.Security.ControlPlaneApiKey, (o, v) => o with { Security = o.Security with { ControlPlaneApiKey = v } },
            "Key for the control plane (/workers and the like), or its hash; without any only this machine is let in.") with { Excludes = "control-plane-api-key-file" },
        Single(Keys, "control-plane-api-key-file", KeyFile, o => o.Security.ControlPlaneApiKey, (o, v) => o with { Security = o.Security with { ControlPlaneApiKey = v } },
            "File that holds the control plane's key, or its hash.") with { Excludes = "control-plane-api-key" },
        Single(Keys, "open-control-plane", Switch, o => o.Security.OpenControlPlane, (o, v) => o with { Security = o.Security with { OpenControlPlane = v } },
            "Lets other machines use the control plane although it has no key."),
        Single(Keys, "disable-control-plane", Switch, o => o.Security.DisableControlPlane, (o, v) => o with { Security = o.Security with { DisableControlPlane = v } },
            "Takes the control plane away altogether."),
        Single(Keys, "disable-dashboard", Switch, o => o.Security.DisableDashboard, (o, v) => o with { Security = o.Security with { DisableDashboard = v } },
            "Takes the web page at /dashboard away, and keeps no recent requests for it."),
        Single(Keys, "jwt-issuer", OptionalText("URL"), o => o.Security.Jwt.Issuer, (o, v) => Jwt(o, o.Security.Jwt with { Issuer = v }),
            "OpenID issuer whose tokens open the control plane, beside keys."),
        Single(Keys, "jwt-audience", OptionalText("NAME"), o => o.Security.Jwt.Audience, (o, v) => Jwt(o, o.Security.Jwt with { Audience = v }),
            "What these tokens must be meant for (aud)."),
        Single(Keys, "jwt-jwks-uri", OptionalText("URL"), o => o.Security.Jwt.KeysUri, (o, v) => Jwt(o, o.Security.Jwt with { KeysUri = v }),
            "Where the issuer's keys are; without it the issuer's discovery document tells."),
        Single(Keys, "jwt-jwks-file", FilePath, o => o.Security.Jwt.KeysFile, (o, v) => Jwt(o, o.Security.Jwt with { KeysFile = v }),
            "JWKS file with the issuer's keys, for a gateway that cannot reach it. Followed when it changes."),
        Single(Keys, "jwt-role-claim", ValueFormats.Text("CLAIM"), o => o.Security.Jwt.RoleClaim, (o, v) => Jwt(o, o.Security.Jwt with { RoleClaim = v }),
            "Claim that has the roles; realm_access.roles is roles in realm_access."),
        List(Keys, "jwt-role-mapping", RoleMapping, o => o.Security.Jwt.RoleMapping, (o, v) => Jwt(o, o.Security.Jwt with { RoleMapping = v }),
            "What the issuer's roles mean: viewer, operator or admin. Without it they mean what they are called.") with { IsMap = true },
        Single(Keys, "jwt-clock-skew-secs", Seconds(0, 600), o => o.Security.Jwt.ClockSkew, (o, v) => Jwt(o, o.Security.Jwt with { ClockSkew = v }),
            "How much the issuer's clock may differ."),
        List(Keys, "jwt-algorithms", Algorithm, o => o.Security.Jwt.Algorithms, (o, v) => Jwt(o, o.Security.Jwt with { Algorithms = v }),
            "Signatures that count; none with a shared secret."),
        List(Keys, "allowed-worker-networks", WorkerNetwork, o => o.Security.AllowedWorkerNetworks, (o, v) => o with { Security = o.Security with { AllowedWorkerNetworks = v } },
            "The only networks, addresses and hosts for workers that are registered over the API; without it all but link-local and cloud metadata addresses."),
        List(Keys, "cors-allowed-origins", Origin, o => o.Security.CorsAllowedOrigins, (o, v) => o with { Security = o.Security with { CorsAllowedOrigins = v } },
            "Origins, such as https://app.example.org, whose web pages may use the gateway from a browser; * for all."),
        Single(Keys, "disable-audit-logging", Switch, o => o.Security.DisableAuditLog, (o, v) => o with { Security = o.Security with { DisableAuditLog = v } },
            "Writes no line for what is changed by the control plane."),
        Single(Keys, "allow-route-explain", Switch, o => o.Security.AllowRouteExplain, (o, v) => o with { Security = o.Security with { AllowRouteExplain = v } },
            "Lets clients ask with X-Route-Explain: 1 which worker served them, and see the loads; and with X-Server-Timing: 1 where the time went."),
    ];

    private static GatewayOptions Jwt(GatewayOptions options, JwtOptions jwt) => options with { Security = options.Security with { Jwt = jwt } };
}
