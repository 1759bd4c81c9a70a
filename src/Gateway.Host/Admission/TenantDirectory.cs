using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>The tenants, and the keys by which they are known. Tenants stay as long as the gateway runs; keys of a file come and go.</summary>
internal sealed class TenantDirectory
{
    private readonly GatewayOptions _options;
    private readonly Dictionary<string, Tenant> _byName;
    private volatile KeyRing _ring;

    public TenantDirectory(GatewayOptions options, TimeProvider time)
    {
        _options = options;
        Default = new Tenant { Name = Tenant.DefaultName, MaxPriority = options.Limits.MaxPriority };
        Gateway = new Tenant { Name = "gateway", MaxPriority = RequestPriority.System };
        _byName = options.Tenants.ToDictionary(static tenant => tenant.Name, tenant => Make(tenant, options, time));
        HasKeys = options.Security.ApiKey is not null || options.Security.ListsKeys || options.Tenants.Any(static tenant => tenant.ApiKey is not null);
        _ring = Ring(options.Security.KeysFile is { } path ? ReadAtStart(path) : []);
        All = [.. _byName.Values, Default];
    }

    /// <summary>Whose requests carry the single key, or a key of no tenant, or none if none is asked for.</summary>
    public Tenant Default { get; }

    /// <summary>Whose are the questions about the gateway's health that need no key.</summary>
    public Tenant Gateway { get; }

    /// <summary>True if clients need a key. A file of keys that has none left does not let everybody in.</summary>
    public bool HasKeys { get; }

    /// <summary>Everybody, the default one included.</summary>
    public IReadOnlyList<Tenant> All { get; }

    /// <returns>Null if nobody has this key.</returns>
    public KeyHolder? Find(ReadOnlySpan<byte> key) => _ring.Find(key);

    /// <summary>The file's keys are these from now on. Requests that run go on.</summary>
    /// <exception cref="FormatException">They do not go together with the rest of the configuration.</exception>
    public void Replace(EquatableArray<KeyOptions> keysOfFile)
    {
        KeyChecks.Check(_options, keysOfFile);
        _ring = Ring(keysOfFile);
    }

    /// <exception cref="ConfigurationException">The file has gone bad since it was checked.</exception>
    private EquatableArray<KeyOptions> ReadAtStart(string path)
    {
        try
        {
            var keys = KeysFile.Read(path);
            KeyChecks.Check(_options, keys);
            return keys;
        }
        catch (FormatException failure)
        {
            throw new ConfigurationException($"--keys-file: '{path}': {failure.Message}");
        }
    }

    private KeyRing Ring(EquatableArray<KeyOptions> keysOfFile)
    {
        var keys = new List<(Secret, KeyHolder)>();
        foreach (var tenant in _options.Tenants)
        {
            if (tenant.ApiKey is { } own)
                keys.Add((own, new KeyHolder(tenant.Name, KeyRole.User, _byName[tenant.Name])));
        }

        if (_options.Security.ApiKey is { } common)
            keys.Add((common, new KeyHolder(Tenant.DefaultName, KeyRole.User, Default)));
        foreach (var key in _options.Security.Keys.Concat(keysOfFile))
            keys.Add((key.Key, new KeyHolder(key.Name, key.Role, _byName.GetValueOrDefault(key.Tenant ?? Tenant.DefaultName, Default))));
        return new KeyRing(keys);
    }

    private static Tenant Make(TenantOptions tenant, GatewayOptions options, TimeProvider time) => new()
    {
        Name = tenant.Name,
        MaxPriority = tenant.MaxPriority ?? options.Limits.MaxPriority,
        Concurrency = tenant.MaxConcurrent is { } most ? new ConcurrencyLimit(most) : null,
        Rates = MinuteRates.Of(tenant.RequestsPerMinute, tenant.TokensPerMinute, time),
    };
}
