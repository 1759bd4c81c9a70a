using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;

namespace Gateway.Host.Configuration;

/// <summary>The formats that occur in the <see cref="OptionCatalog"/>.</summary>
internal static class ValueFormats
{
    public static ValueFormat<string> Text(string hint) => new(hint, RequireText, static value => value);

    public static ValueFormat<string?> FilePath { get; } = new("PATH", RequireText, static value => value ?? "");

    public static ValueFormat<bool> Switch { get; } = new("", ParseSwitch, static value => value ? "true" : "false");

    public static ValueFormat<WorkerUrl> WorkerUrl { get; } = new("URL", Actors.Workers.WorkerUrl.Parse, static url => url.Text);

    /// <summary>Shown as nothing, whatever it is.</summary>
    public static ValueFormat<Secret?> Key { get; } = new("KEY", static word => new Secret(RequireText(word)), static _ => "");

    /// <summary>A file whose content, without the line break at its end, is the key.</summary>
    public static ValueFormat<Secret?> KeyFile { get; } = new("PATH", ReadKey, static _ => "");

    public static ValueFormat<RequestPriority> Priority { get; } = new("PRIORITY", ParsePriority, static value => value.ToString().ToLowerInvariant());

    public static ValueFormat<string> ListenAddress { get; } = new("ADDRESS", ParseAddress, static value => value);

    public static ValueFormat<string> UrlPath { get; } = new("PATH", ParseUrlPath, static value => value);

    public static ValueFormat<int> Integer(int min, int max) => new(
        "N",
        word => (int)ParseInteger(word, min, max),
        static value => value.ToString(CultureInfo.InvariantCulture));

    public static ValueFormat<long> Bytes(long min, long max) => new(
        "BYTES",
        word => ParseInteger(word, min, max),
        static value => value.ToString(CultureInfo.InvariantCulture));

    public static ValueFormat<double> Ratio { get; } = new(
        "RATIO",
        static word => ParseNumber(word, 0, 1),
        static value => value.ToString(CultureInfo.InvariantCulture));

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

    private static string ParseUrlPath(string word) =>
        word.StartsWith('/') && !word.Any(char.IsWhiteSpace)
            ? word
            : throw new FormatException($"'{word}' is not a path that starts with /");

    private static Secret ReadKey(string path)
    {
        try
        {
            return new Secret(RequireText(File.ReadAllText(path).TrimEnd('\r', '\n')));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FormatException($"cannot read '{path}'");
        }
        catch (FormatException)
        {
            throw new FormatException($"'{path}' is empty");
        }
    }
}
