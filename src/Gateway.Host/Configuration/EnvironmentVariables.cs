using System.Collections;
using System.Text.RegularExpressions;
using Gateway.Host.Commands;

namespace Gateway.Host.Configuration;

/// <summary>Reads settings from variables that start with <c>GATEWAY_</c>. Those it does not know are refused.</summary>
internal static partial class EnvironmentVariables
{
    public const string Prefix = "GATEWAY_";

    /// <summary>Names a configuration file, as the flag <c>--config</c> does.</summary>
    public const string ConfigFile = Prefix + "CONFIG";

    private static readonly char[] ListSeparators = [',', ' ', '\t', '\n', '\r'];

    /// <summary>The gateway's own variables among these.</summary>
    public static IReadOnlyDictionary<string, string> Ours(IDictionary environment) => environment.Keys
        .Cast<string>()
        .Select(name => KeyValuePair.Create(name, environment[name] as string ?? ""))
        .Where(static entry => entry.Key.StartsWith(Prefix, StringComparison.Ordinal) && !IsServiceLink(entry.Key, entry.Value))
        .OrderBy(static entry => entry.Key, StringComparer.Ordinal)
        .ToDictionary();

    public static IEnumerable<Setting> Read(IReadOnlyDictionary<string, string> ours)
    {
        foreach (var (name, value) in ours)
        {
            if (name is ConfigFile or ConnectionOptions.UrlVariable)
                continue;
            var option = OptionCatalog.All.FirstOrDefault(candidate => candidate.EnvironmentName == name)
                ?? throw new ConfigurationException($"{name}: unknown variable{DidYouMean.Hint(name, Names)}");
            string[] words = option.IsList ? value.Split(ListSeparators, StringSplitOptions.RemoveEmptyEntries) : [value];
            yield return new Setting(option, words, name);
        }
    }

    private static IEnumerable<string> Names => OptionCatalog.All.Select(static option => option.EnvironmentName).Append(ConfigFile);

    /// <summary>
    /// Kubernetes gives every pod variables about the services around it, among them <c>GATEWAY_PORT=tcp://10.0.0.1:80</c>
    /// when a service is called "gateway". They are not meant for us.
    /// </summary>
    private static bool IsServiceLink(string name, string value) =>
        ServiceLinkName().IsMatch(name) || (name.EndsWith("_PORT", StringComparison.Ordinal) && value.Contains("://", StringComparison.Ordinal));

    [GeneratedRegex("_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$")]
    private static partial Regex ServiceLinkName();
}
