using Akka.Configuration;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;

namespace Gateway.Host.Configuration;

/// <summary>Checks what a single value cannot tell: options that contradict each other, and files that must be readable.</summary>
internal static class OptionCombinations
{
    /// <param name="options">Values that are each within their range.</param>
    /// <param name="placeOf">Where an option was set; null if it has its default.</param>
    /// <exception cref="ConfigurationException">The first contradiction found.</exception>
    public static void Check(GatewayOptions options, Func<string, string?> placeOf)
    {
        if (options.Security is { OpenControlPlane: true, DisableControlPlane: true })
            Refuse("open-control-plane", "contradicts disable-control-plane");
        if (options.Security is { ControlPlaneAsks: true, OpenControlPlane: true })
            Refuse("open-control-plane", "contradicts the control plane's keys and tokens: with a key, every machine that has it is let in");
        if (options.Health.MaxRetryBackoff < options.Health.RetryBackoff)
            Refuse("health-max-retry-backoff-secs", "must not be less than health-retry-backoff-secs");
        if (options.Fleet.WorkersFile is null && placeOf("workers-file-interval-secs") is not null)
            Refuse("workers-file-interval-secs", "is of no use without workers-file");
        if (options.Pods is { IsEnabled: true, HasSelector: false })
            Refuse("service-discovery", "needs selector, prefill-selector or decode-selector: otherwise every pod would be a worker");
        if (options.Pods is { IsEnabled: false, HasSelector: true })
            Refuse(options.Pods switch { { Selector.IsEmpty: false } => "selector", { PrefillSelector.IsEmpty: false } => "prefill-selector", _ => "decode-selector" }, "is of no use without service-discovery");
        foreach (var name in (string[])["dns-interval-secs", "dns-servers"])
        {
            if (!options.Dns.IsEnabled && placeOf(name) is not null)
                Refuse(name, "is of no use without dns-workers, dns-prefill or dns-decode");
        }

        if (options is { Security.DisableControlPlane: true, Pods.IsEnabled: false, Dns.IsEnabled: false, Fleet: { NamesWorkers: false, SimulatedWorkers: 0 } })
            Refuse("disable-control-plane", "leaves no way to have workers: give worker-urls, workers-file, service-discovery, dns-workers or simulate");
        if (options.Fleet.WorkersFile is { } workers && BadWorkersFile(workers) is { } wrong)
            Refuse("workers-file", wrong);
        if (options.Security.ApiKey is { } key)
        {
            if (options.Tenants.Any(tenant => tenant.ApiKey is { } theirs && KeyChecks.AreSame(theirs, key)))
                Refuse("api-key", "is also a tenant's");
            if (options.Tenants.Any(static tenant => tenant.Name == Tenant.DefaultName))
                Refuse("api-key", $"belongs to the tenant '{Tenant.DefaultName}', which must not be among tenants then");
        }

        ClusterChecks.Check(options.Cluster, Refuse);
        MetricsChecks.Check(options, name => placeOf(name) is not null, Refuse);
        TraceChecks.Check(options.Traces, name => placeOf(name) is not null, Refuse);
        if (BadKeys(options, []) is { } wrongKeys)
            throw new ConfigurationException(wrongKeys);
        if (options.Security.KeysFile is { } keys && BadKeysFile(options, keys) is { } wrongFile)
            Refuse("keys-file", $"'{keys}': {wrongFile}");
        JwtChecks.Check(options.Security.Jwt, name => placeOf(name) is not null, Refuse);
        TlsFiles.Check(options, Refuse);
        if (options.ActorConfigFile is { } path && Unreadable(path) is { } reason)
            Refuse("actor-config", reason);

        void Refuse(string name, string reason) => throw new ConfigurationException($"{placeOf(name) ?? "--" + name}: {reason}");
    }

    private static string? BadKeysFile(GatewayOptions options, string path)
    {
        try
        {
            return BadKeys(options, KeysFile.Read(path));
        }
        catch (FormatException failure)
        {
            return failure.Message;
        }
    }

    private static string? BadKeys(GatewayOptions options, EquatableArray<KeyOptions> keysOfFile)
    {
        for (var i = 0; i < options.Tenants.Count; i++)
        {
            if (options.Tenants[i].ApiKey is null && !options.Security.ListsKeys)
                return $"{TenantReader.ListKey}[{i}].api_key: give either this or api_key_file, or {KeyReader.ListKey} that name the tenant";
        }

        try
        {
            KeyChecks.Check(options, keysOfFile);
            return null;
        }
        catch (FormatException failure)
        {
            return failure.Message;
        }
    }

    /// <summary>Later, a file that goes wrong leaves the fleet as it is; at the start there is no fleet to leave.</summary>
    private static string? BadWorkersFile(string path)
    {
        try
        {
            WorkersFileFormat.Parse(File.ReadAllText(path));
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"cannot read '{path}'";
        }
        catch (FormatException failure)
        {
            return $"'{path}': {failure.Message}";
        }
    }

    private static string? Unreadable(string hoconFile)
    {
        try
        {
            ConfigurationFactory.ParseString(File.ReadAllText(hoconFile));
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"cannot read '{hoconFile}'";
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return $"'{hoconFile}' is not valid HOCON: {failure.Message.ReplaceLineEndings(" ")}";
        }
    }
}
