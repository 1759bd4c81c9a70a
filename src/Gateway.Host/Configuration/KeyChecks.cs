using System.Text;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;

namespace Gateway.Host.Configuration;

/// <summary>What a single key cannot tell: that it is nobody else's, and that its tenant exists.</summary>
internal static class KeyChecks
{
    /// <param name="options">The rest of the configuration.</param>
    /// <param name="keysOfFile">What the keys file lists.</param>
    /// <exception cref="FormatException">The message names the key by its place.</exception>
    public static void Check(GatewayOptions options, EquatableArray<KeyOptions> keysOfFile)
    {
        KeyOptions[] keys = [.. options.Security.Keys, .. keysOfFile];
        var seen = new List<Known>();
        foreach (var tenant in options.Tenants)
        {
            if (tenant.ApiKey is { } own)
                seen.Add(new Known(tenant.Name, own));
        }

        if (options.Security.ApiKey is { } common)
            seen.Add(new Known(Tenant.DefaultName, common));
        if (options.Security.ControlPlaneApiKey is { } operators)
            seen.Add(new Known("control-plane-api-key", operators));
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < keys.Length; i++)
        {
            var (key, place) = (keys[i], $"{KeyReader.ListKey}[{(i < options.Security.Keys.Count ? i : i - options.Security.Keys.Count)}]");
            if (!names.Add(key.Name))
                throw new FormatException($"{place}.name: '{key.Name}' occurs more than once");
            if (key.Tenant is { } tenant && tenant != Tenant.DefaultName && !options.Tenants.Any(known => known.Name == tenant))
                throw new FormatException($"{place}.tenant: there is no tenant '{tenant}'");
            var known = new Known(key.Name, key.Key);
            if (seen.Find(known.IsSameAs) is { } other)
                throw new FormatException($"{place}: has the same key as '{other.Name}'");
            seen.Add(known);
        }
    }

    /// <summary>True if they are the same key, as far as can be told: hashes with different salts keep it to themselves.</summary>
    public static bool AreSame(Secret one, Secret other) => new Known("", one).IsSameAs(new Known("", other));

    private sealed class Known(string name, Secret written)
    {
        private readonly StoredKey _stored = StoredKey.Of(written);
        private readonly byte[]? _plain = StoredKey.IsHash(written) ? null : Encoding.UTF8.GetBytes(written.Reveal());

        public string Name => name;

        public bool IsSameAs(Known other) =>
            _stored.Equals(other._stored) || other.IsSalted(_plain) || IsSalted(other._plain);

        private bool IsSalted(byte[]? plain) => plain is not null && !_stored.Salt.IsEmpty && _stored.Matches(plain);
    }
}
