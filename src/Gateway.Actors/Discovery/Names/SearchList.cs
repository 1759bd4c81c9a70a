using System.Globalization;

namespace Gateway.Actors.Discovery.Names;

/// <summary>
/// In which domains a name is looked for, as the system's own resolver does it: in Kubernetes, <c>vllm.default.svc</c> is found
/// only in <c>cluster.local</c>.
/// </summary>
/// <param name="Domains">To put behind the name, the first one first.</param>
/// <param name="Dots">A name with so many dots is asked for as it is before the domains are tried, another one after.</param>
internal sealed record SearchList(IReadOnlyList<string> Domains, int Dots)
{
    private const int MostDots = 15;
    private static readonly char[] Blanks = [' ', '\t'];

    public static SearchList None { get; } = new([], 1);

    /// <summary>Reads the lines <c>search</c> (or <c>domain</c>) and <c>options ndots:N</c>, the last one of each counts.</summary>
    /// <param name="text">Of a resolv.conf.</param>
    public static SearchList Parse(string text)
    {
        var list = None;
        foreach (var line in text.Split('\n'))
        {
            switch (line.Trim().Split(Blanks, StringSplitOptions.RemoveEmptyEntries))
            {
                case ["search" or "domain", .. var domains]:
                    list = list with { Domains = [.. domains.Select(static domain => domain.Trim('.')).Where(static domain => domain.Length > 0)] };
                    break;
                case ["options", .. var options]:
                    foreach (var option in options)
                    {
                        if (option.StartsWith("ndots:", StringComparison.Ordinal)
                            && int.TryParse(option.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var dots))
                        {
                            list = list with { Dots = Math.Min(dots, MostDots) };
                        }
                    }

                    break;
            }
        }

        return list;
    }

    /// <summary>What to ask for, one after the other, until one exists.</summary>
    public IEnumerable<string> Candidates(string name)
    {
        if (name.EndsWith('.'))
            return [name];
        var inDomains = Domains.Select(domain => $"{name}.{domain}.");
        return name.Count(static c => c == '.') >= Dots ? [$"{name}.", .. inDomains] : [.. inDomains, $"{name}."];
    }
}
