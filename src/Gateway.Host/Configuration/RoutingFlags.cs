using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using static Gateway.Host.Configuration.OptionDefinition;
using static Gateway.Host.Configuration.OptionGroup;
using static Gateway.Host.Configuration.ValueFormats;

namespace Gateway.Host.Configuration;

/// <summary>The part of the <see cref="OptionCatalog"/> that says how workers are chosen.</summary>
internal static class RoutingFlags
{
    /// <summary>A month: nobody comes back to an older session.</summary>
    private const double Month = 31 * 86_400;

    private static readonly (string Word, AssignmentMode Mode)[] AssignmentModes =
        [("random", AssignmentMode.Random), ("min_load", AssignmentMode.MinLoad), ("min_group", AssignmentMode.MinGroup)];

    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        Single(Routing, "policy", PolicyName, o => o.Fleet.Policy, (o, v) => o with { Fleet = o.Fleet with { Policy = v } },
            $"How a worker is chosen for a request: {string.Join(", ", PolicyCatalog.Names.Order(StringComparer.Ordinal))}."),
        Single(Routing, "prefill-policy", OptionalPolicyName, o => o.Fleet.PrefillPolicy, (o, v) => o with { Fleet = o.Fleet with { PrefillPolicy = v } },
            "The same for prefill workers; --policy if left out."),
        Single(Routing, "decode-policy", OptionalPolicyName, o => o.Fleet.DecodePolicy, (o, v) => o with { Fleet = o.Fleet with { DecodePolicy = v } },
            "The same for decode workers; --policy if left out."),
        List(Routing, "model-policies", ModelPolicy, o => o.Fleet.ModelPolicies, (o, v) => o with { Fleet = o.Fleet with { ModelPolicies = v } },
            "Policies of single models, as model=policy; in the file also a mapping.") with { IsMap = true },
        Set("routing-key-override", Switch, r => r.RoutingKeyOverride, (r, v) => r with { RoutingKeyOverride = v },
            "Requests with a routing key stay with their worker, as with manual, whatever the policy is; consistent_hashing keeps its own way."),
        Set("max-tree-size", Bytes(1L << 20, 64L << 30), r => r.CacheAware.MemoryBytes, (r, v) => r with { CacheAware = r.CacheAware with { MemoryBytes = v } },
            "cache_aware: memory for the prefixes of all models and workers together."),
        Set("cache-threshold", Optional(Number("SHARE", 0, 1)), r => r.CacheAware.CacheThreshold, (r, v) => r with { CacheAware = r.CacheAware with { CacheThreshold = v } },
            "cache_aware: a match of this share of the prompt or less is none; left out, every match counts for what it saves."),
        Set("balance-abs-threshold", Optional(Integer(0, 1_000_000)), r => r.Balance.AbsThreshold, (r, v) => r with { Balance = r.Balance with { AbsThreshold = v } },
            "cache_aware, bucket: with more requests than this between two workers the least loaded is taken, whatever else counts; left out, cache_aware weighs load and cache, and bucket takes 64."),
        Set("balance-rel-threshold", Optional(Number("FACTOR", 1, 1000)), r => r.Balance.RelThreshold, (r, v) => r with { Balance = r.Balance with { RelThreshold = v } },
            "cache_aware, bucket: the same by the factor between them; both must be exceeded. Left out, it is 1.5 where the other one counts."),
        Set("assignment-mode", OneOf("MODE", "assignment mode", AssignmentModes), r => r.Manual.Assignment, (r, v) => r with { Manual = r.Manual with { Assignment = v } },
            "manual: where a new session goes: random, min_load (fewest requests) or min_group (fewest sessions)."),
        Set("max-idle-secs", Seconds(1, Month), r => r.Manual.MaxIdle, (r, v) => r with { Manual = r.Manual with { MaxIdle = v } },
            "manual: a session that is idle for longer is forgotten."),
        Set("sticky-table-size", Bytes(1024, 64L * 1024 * 1024 * 1024), r => r.Manual.TableBytes, (r, v) => r with { Manual = r.Manual with { TableBytes = v } },
            "manual: most memory for sessions, all models together; the least recently used go first."),
        Set("prefix-token-count", Integer(1, 1_000_000), r => r.PrefixHash.PrefixTokens, (r, v) => r with { PrefixHash = r.PrefixHash with { PrefixTokens = v } },
            "prefix_hash: how much of a prompt's beginning is hashed; four bytes a token."),
        Set("prefix-hash-load-factor", Number("FACTOR", 1, 1000), r => r.PrefixHash.LoadFactor, (r, v) => r with { PrefixHash = r.PrefixHash with { LoadFactor = v } },
            "prefix_hash: how many times the mean load a worker may have."),
        Set("least-load-kv-pressure-weight", Number("SECONDS", 0, 1000), r => r.LeastLoad.KvPressureWeight, (r, v) => r with { LeastLoad = r.LeastLoad with { KvPressureWeight = v } },
            "least_load: seconds of waiting that a half-full KV cache weighs as much as."),
        Set("least-load-default-throughput", Number("TOKENS", 1, 1e9), r => r.LeastLoad.DefaultThroughput, (r, v) => r with { LeastLoad = r.LeastLoad with { DefaultThroughput = v } },
            "least_load: tokens per second of an engine that does not tell."),
        Set("least-load-mean-prefill-tokens", Integer(1, 10_000_000), r => r.LeastLoad.MeanPrefillTokens, (r, v) => r with { LeastLoad = r.LeastLoad with { MeanPrefillTokens = v } },
            "least_load, dp_min_token: tokens of a prompt that nobody has counted."),
        Set("load-monitor-interval", Seconds(0.1, 3600), r => r.LoadMonitorInterval, (r, v) => r with { LoadMonitorInterval = v },
            "How often engines are asked for their load, if a policy wants to know."),
    ];

    private static OptionDefinition Set<T>(
        string name, ValueFormat<T> format, Func<RoutingSettings, T> get, Func<RoutingSettings, T, RoutingSettings> set, string help) =>
        Single(Routing, name, format, options => get(options.Routing), (options, value) => options with { Routing = set(options.Routing, value) }, help);
}
