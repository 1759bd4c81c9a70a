using System.Globalization;
using System.Net;
using Gateway.Actors.Discovery.Names;
using Gateway.Actors.Workers;

namespace Gateway.Host.Configuration;

/// <summary>Which DNS names have workers at their addresses.</summary>
public sealed record DnsOptions
{
    public EquatableArray<WorkerName> Workers { get; init; }

    /// <summary>Workers that do the first half of generations, each with its bootstrap server's port if it is not the engine's default.</summary>
    public EquatableArray<NamedWorkers> Prefill { get; init; }

    /// <summary>Workers that do the second half of generations.</summary>
    public EquatableArray<WorkerName> Decode { get; init; }

    /// <summary>Longest time between two questions about a name.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Who is asked; empty for those of the machine.</summary>
    public EquatableArray<IPEndPoint> Servers { get; init; }

    /// <summary>True if it names any workers.</summary>
    public bool IsEnabled => !Workers.IsEmpty || !Prefill.IsEmpty || !Decode.IsEmpty;

    /// <summary>Null if there is nothing to follow.</summary>
    internal DnsDiscoverySettings? Source() => !IsEnabled
        ? null
        : new DnsDiscoverySettings(
            [
                .. Workers.Select(static name => new NamedWorkers(name)),
                .. Prefill,
                .. Decode.Select(static name => new NamedWorkers(name, WorkerRole.Decode)),
            ],
            Interval,
            new DnsServers(Servers));

    /// <summary>Reads names of prefill workers, each of which may have a port behind it as a word of its own.</summary>
    /// <exception cref="FormatException">With the reason.</exception>
    internal static EquatableArray<NamedWorkers> ReadPrefill(IReadOnlyList<string> words)
    {
        var names = new List<NamedWorkers>();
        foreach (var word in words)
        {
            if (!word.All(char.IsAsciiDigit))
                names.Add(new NamedWorkers(WorkerName.Parse(word), WorkerRole.Prefill));
            else if (names is [.., { BootstrapPort: null } last])
                names[^1] = last with { BootstrapPort = ValueFormats.Integer(1, 65535).Parse(word) };
            else
                throw new FormatException($"'{word}' is a port, but stands behind no name");
        }

        return [.. names];
    }

    internal static string ShowPrefill(EquatableArray<NamedWorkers> names) => string.Join(
        ' ', names.Select(static named => string.Create(CultureInfo.InvariantCulture, $"{named.Name} {named.BootstrapPort}").TrimEnd()));
}
