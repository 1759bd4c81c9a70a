using System.Globalization;
using Gateway.Actors.Workers;

namespace Gateway.Host.Configuration;

/// <summary>Where a prefill worker is.</summary>
/// <param name="Url">Of its API.</param>
/// <param name="BootstrapPort">Of its bootstrap server, at which decode workers fetch KV caches; null leaves it to the engine's default.</param>
public sealed record PrefillAddress(WorkerUrl Url, int? BootstrapPort)
{
    /// <summary>Reads URLs, each of which may have a port behind it as a word of its own.</summary>
    /// <exception cref="FormatException">With the reason.</exception>
    internal static EquatableArray<PrefillAddress> ReadList(IReadOnlyList<string> words)
    {
        var addresses = new List<PrefillAddress>();
        foreach (var word in words)
        {
            if (!word.All(char.IsAsciiDigit))
                addresses.Add(new PrefillAddress(WorkerUrl.Parse(word), null));
            else if (addresses is [.., { BootstrapPort: null } last])
                addresses[^1] = last with { BootstrapPort = ValueFormats.Integer(1, 65535).Parse(word) };
            else
                throw new FormatException($"'{word}' is a port, but stands behind no URL");
        }

        return [.. addresses];
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Url.Text} {BootstrapPort}").TrimEnd();
}
