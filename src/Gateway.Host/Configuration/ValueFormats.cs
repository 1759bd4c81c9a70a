using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Actors.Discovery.Names;
using Gateway.Actors.Discovery.Pods;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Text.Parsers;

namespace Gateway.Host.Configuration;

/// <summary>The formats that occur in the <see cref="OptionCatalog"/>.</summary>
internal static class ValueFormats
{
    public static ValueFormat<string> Text(string hint) => new(hint, RequireText, static value => value);

    public static ValueFormat<string?> FilePath { get; } = new("PATH", RequireText, static value => value ?? "");

    public static ValueFormat<string?> OptionalText(string hint) => new(hint, RequireText, static value => value ?? "");

    /// <summary>One label of pods; several must all be there.</summary>
    public static ValueFormat<string> Selector { get; } = new("KEY=VALUE", ParseSelector, static value => value);

    public static ValueFormat<Actors.Cluster.PeerAddress> Peer { get; } = new("HOST:PORT", Actors.Cluster.PeerAddress.Parse, static peer => peer.ToString());

    public static ValueFormat<ModelIdSource?> ModelIdFrom { get; } = new("PLACE", ModelIdSource.Parse, static value => value?.ToString() ?? "");

    public static ValueFormat<bool> Switch { get; } = new("", ParseSwitch, static value => value ? "true" : "false");

    public static ValueFormat<WorkerUrl> WorkerUrl { get; } = new("URL", Actors.Workers.WorkerUrl.Parse, static url => url.Text);

    public static ValueFormat<WorkerName> WorkerName { get; } = new("NAME", Actors.Discovery.Names.WorkerName.Parse, static name => name.Text);

    /// <summary>Its address, with a port if it is not DNS's own.</summary>
    public static ValueFormat<IPEndPoint> DnsServer { get; } = new("ADDRESS[:PORT]", ParseDnsServer, static server => server.ToString());

    public static ValueFormat<AllowedNetwork> WorkerNetwork { get; } = new("NETWORK", AllowedNetwork.Parse, static place => place.Text);

    /// <summary>A web page's, as browsers write it, or <c>*</c>.</summary>
    public static ValueFormat<string> Origin { get; } = new("ORIGIN", ParseOrigin, static value => value);

    /// <summary>A key or its hash, see <see cref="StoredKey"/>. Shown as nothing, whatever it is.</summary>
    public static ValueFormat<Secret?> Key { get; } = new("KEY", ParseKey, static _ => "");

    /// <summary>A file whose content, without the line break at its end, is the key.</summary>
    public static ValueFormat<Secret?> KeyFile { get; } = new("PATH", ReadKey, static _ => "");

    /// <summary>An issuer's role, which may contain anything, and one of the control plane's.</summary>
    public static ValueFormat<RoleName> RoleMapping { get; } = new(
        "THEIRS=ROLE", ParseRoleMapping, static value => $"{value.Theirs}={value.Ours.ToString().ToLowerInvariant()}");

    public static ValueFormat<string> Algorithm { get; } = OneOf("NAME", "algorithm", JwtOptions.AllAlgorithms);

    public static ValueFormat<RequestPriority> Priority { get; } = new("PRIORITY", ParsePriority, static value => value.ToString().ToLowerInvariant());

    public static ValueFormat<string> ListenAddress { get; } = new("ADDRESS", ParseAddress, static value => value);

    public static ValueFormat<string?> CollectorUrl { get; } = new("URL", ParseCollectorUrl, static value => value ?? "");

    public static ValueFormat<string> UrlPath { get; } = new("PATH", ParseUrlPath, static value => value);

    public static ValueFormat<int> Integer(int min, int max) => new(
        "N",
        word => (int)ParseInteger(word, min, max),
        static value => value.ToString(CultureInfo.InvariantCulture));

    public static ValueFormat<long> Bytes(long min, long max) => new(
        "BYTES",
        word => ParseInteger(word, min, max),
        static value => value.ToString(CultureInfo.InvariantCulture));

    public static ValueFormat<double> Ratio { get; } = Number("RATIO", 0, 1);

    public static ValueFormat<double> Number(string hint, double min, double max) => new(
        hint,
        word => ParseNumber(word, min, max),
        static value => value.ToString(CultureInfo.InvariantCulture));

    public static ValueFormat<double> Number(double min, double max) => Number("N", min, max);

    /// <summary>The same for an option that has no value unless it is given one.</summary>
    public static ValueFormat<T?> Optional<T>(ValueFormat<T> format)
        where T : struct =>
        new(format.Hint, word => format.Parse(word), value => value is { } given ? format.Show(given) : "");

    public static ValueFormat<TimeSpan> Milliseconds(double min, double max) => new(
        "MS",
        word => TimeSpan.FromMilliseconds(ParseNumber(word, min, max)),
        static value => value.TotalMilliseconds.ToString(CultureInfo.InvariantCulture));

    public static ValueFormat<TimeSpan> Seconds(double min, double max) => new(
        "SECONDS",
        word => TimeSpan.FromSeconds(ParseNumber(word, min, max)),
        static value => value.TotalSeconds.ToString(CultureInfo.InvariantCulture));

    public static ValueFormat<string> OneOf(string hint, string what, params IEnumerable<string> names)
    {
        var known = names.Order(StringComparer.Ordinal).ToArray();
        return new ValueFormat<string>(
            hint,
            word => known.Contains(word, StringComparer.Ordinal)
                ? word
                : throw new FormatException($"unknown {what} '{word}'; one of {string.Join(", ", known)}"),
            static value => value);
    }

    public static ValueFormat<T> OneOf<T>(string hint, string what, IReadOnlyList<(string Word, T Value)> values)
        where T : struct
    {
        var words = OneOf(hint, what, values.Select(static pair => pair.Word));
        return new ValueFormat<T>(
            hint,
            word => values.First(pair => pair.Word == words.Parse(word)).Value,
            value => values.First(pair => pair.Value.Equals(value)).Word);
    }

    public static ValueFormat<string?> ReasoningParser { get; } =
        ParserName("reasoning parser", static name => ReasoningDialects.TryFind(name, out _), ReasoningDialects.Names);

    public static ValueFormat<string?> ToolCallParser { get; } =
        ParserName("tool-call parser", static name => ToolDialects.TryFind(name, out _), ToolDialects.Names);

    public static ValueFormat<string> PolicyName { get; } = OneOf("NAME", "policy", PolicyCatalog.Names);

    public static ValueFormat<string?> OptionalPolicyName { get; } = new("NAME", PolicyName.Parse, static value => value ?? "");

    /// <summary>A model's id and its policy; the id may contain anything.</summary>
    public static ValueFormat<ModelPolicyName> ModelPolicy { get; } = new(
        "MODEL=NAME", ParseModelPolicy, static value => $"{value.Model}={value.Policy}");

    /// <summary>Parsers have more names than are listed.</summary>
    private static ValueFormat<string?> ParserName(string what, Predicate<string> exists, IReadOnlyList<string> listed) => new(
        "NAME",
        word => exists(word) ? word : throw new FormatException($"unknown {what} '{word}'; one of {string.Join(", ", listed)}"),
        static value => value ?? "");

    private static ModelPolicyName ParseModelPolicy(string word)
    {
        var at = word.LastIndexOf('=');
        return at > 0
            ? new ModelPolicyName(word[..at], PolicyName.Parse(word[(at + 1)..]))
            : throw new FormatException($"'{word}' is not of the form model=policy");
    }

    private static IPEndPoint ParseDnsServer(string word)
    {
        const int DnsPort = 53;
        if (!IPEndPoint.TryParse(word, out var server))
            throw new FormatException($"'{word}' is not an IP address, with or without a port");
        return server.Port == 0 ? new IPEndPoint(server.Address, DnsPort) : server;
    }

    private static string ParseSelector(string word) =>
        word.Split('=') is [{ Length: > 0 }, { Length: > 0 }] && !word.Any(static c => char.IsWhiteSpace(c) || c is ',' or '!')
            ? word
            : throw new FormatException($"'{word}' is not of the form key=value");

    private static RequestPriority ParsePriority(string word) => TenantReader.Priorities.TryGetValue(word, out var priority)
        ? priority
        : throw new FormatException($"unknown priority '{word}'; one of {string.Join(", ", TenantReader.Priorities.Keys)}");

    private static string RequireText(string word) =>
        string.IsNullOrWhiteSpace(word) ? throw new FormatException("must not be empty") : word;

    private static bool ParseSwitch(string word) => word.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "1" => true,
        "false" or "no" or "off" or "0" => false,
        _ => throw new FormatException($"'{word}' is neither true nor false"),
    };

    private static long ParseInteger(string word, long min, long max) =>
        long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw new FormatException($"'{word}' is not a whole number from {min} to {max}");

    private static double ParseNumber(string word, double min, double max) =>
        double.TryParse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value >= min && value <= max
            ? value
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{word}' is not a number from {min} to {max}"));

    /// <summary>An IPv6 address gets its brackets here, so that it can stand in a URL.</summary>
    private static string ParseAddress(string word) => IPAddress.TryParse(word, out var address)
        ? address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : word
        : word == "localhost" ? word : throw new FormatException($"'{word}' is neither an IP address nor localhost");

    private static string ParseOrigin(string word) =>
        word == "*" || (Uri.TryCreate(word, UriKind.Absolute, out var origin) && origin.GetLeftPart(UriPartial.Authority) == word)
            ? word
            : throw new FormatException($"'{word}' is not an origin such as https://app.example.org, in lower case and without a path");

    /// <summary>Collectors are mostly called by host and port, as gRPC has it.</summary>
    private static string ParseCollectorUrl(string word) =>
        (word.Contains("://", StringComparison.Ordinal) ? word : $"http://{word}") is var full
        && Uri.TryCreate(full, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? full
            : throw new FormatException($"'{word}' is not an http:// or https:// URL");

    private static string ParseUrlPath(string word) =>
        word.StartsWith('/') && !word.Any(char.IsWhiteSpace)
            ? word
            : throw new FormatException($"'{word}' is not a path that starts with /");

    private static RoleName ParseRoleMapping(string word)
    {
        var at = word.LastIndexOf('=');
        return at > 0 && KeyReader.Roles.TryGetValue(word[(at + 1)..], out var role) && role != KeyRole.User
            ? new RoleName(word[..at], role)
            : throw new FormatException($"'{word}' is not of the form role=viewer, role=operator or role=admin");
    }

    private static Secret ParseKey(string word)
    {
        var key = new Secret(RequireText(word));
        StoredKey.Of(key);
        return key;
    }

    private static Secret ReadKey(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FormatException($"cannot read '{path}'");
        }

        return string.IsNullOrWhiteSpace(text) ? throw new FormatException($"'{path}' is empty") : ParseKey(text);
    }
}
