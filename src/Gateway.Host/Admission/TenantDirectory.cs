using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>
/// The tenants by their keys. A key is looked up by its digest under a secret that this process has made up, so that the time it
/// takes tells nothing of the keys; what is found is then compared in constant time.
/// </summary>
internal sealed class TenantDirectory
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(HMACSHA256.HashSizeInBytes);
    private readonly FrozenDictionary<long, Entry[]> _byDigest;
    private readonly Entry? _only;

    public TenantDirectory(GatewayOptions options, TimeProvider time)
    {
        Default = new Tenant { Name = Tenant.DefaultName, MaxPriority = options.Limits.MaxPriority };
        Gateway = new Tenant { Name = "gateway", MaxPriority = RequestPriority.System };
        Entry[] entries = [.. options.Tenants.Select(tenant => new Entry(tenant.ApiKey, Make(tenant, options, time)))];
        if (options.Security.ApiKey is { } key)
            entries = [.. entries, new Entry(key, Default)];
        HasKeys = entries.Length > 0;
        All = [.. entries.Select(static entry => entry.Tenant).Append(Default).Distinct()];
        _only = entries.Length == 1 ? entries[0] : null;
        _byDigest = entries.GroupBy(entry => Digest(Encoding.UTF8.GetBytes(entry.Key.Reveal()))).ToFrozenDictionary(static group => group.Key, static group => group.ToArray());
    }

    /// <summary>Whose requests carry the single key, or none if none is asked for.</summary>
    public Tenant Default { get; }

    /// <summary>Whose are the questions about the gateway's health that need no key.</summary>
    public Tenant Gateway { get; }

    public bool HasKeys { get; }

    /// <summary>Everybody, the default one included.</summary>
    public IReadOnlyList<Tenant> All { get; }

    /// <returns>Null if nobody has this key.</returns>
    public Tenant? Find(ReadOnlySpan<byte> key)
    {
        if (_only is { } only)
            return only.Key.Matches(key) ? only.Tenant : null;
        foreach (var entry in _byDigest.GetValueOrDefault(Digest(key), []))
        {
            if (entry.Key.Matches(key))
                return entry.Tenant;
        }

        return null;
    }

    private long Digest(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, key, hash);
        return BitConverter.ToInt64(hash);
    }

    private static Tenant Make(TenantOptions tenant, GatewayOptions options, TimeProvider time) => new()
    {
        Name = tenant.Name,
        MaxPriority = tenant.MaxPriority ?? options.Limits.MaxPriority,
        Concurrency = tenant.MaxConcurrent is { } most ? new ConcurrencyLimit(most) : null,
        Rates = MinuteRates.Of(tenant.RequestsPerMinute, tenant.TokensPerMinute, time),
    };

    private sealed record Entry(Secret Key, Tenant Tenant);
}
