using System.Reflection;
using System.Text;

namespace Gateway.Host.Configuration;

/// <summary>What <c>--help</c> and <c>--version</c> print.</summary>
internal static class HelpText
{
    /// <summary>Where the explanations begin, and where lines end: what a terminal of 100 columns shows.</summary>
    private const int Indent = 38;
    private const int Width = 100;

    private const string Introduction = """
        gateway: one OpenAI-compatible address in front of many LLM inference engines.

        Usage: gateway [launch] [options]
               gateway keys new                               makes a key and its hash
               gateway workers|models|route|doctor|top        asks a running gateway; --help behind it

        Examples:
          gateway                                               try it: two simulated engines, no GPU
          gateway --worker-urls http://10.0.0.1:8000 http://10.0.0.2:8000
          gateway --workers-file workers.yaml --policy round_robin --port 8080
          gateway --config gateway.yaml --log-json
          GATEWAY_WORKER_URLS=http://10.0.0.1:8000,http://10.0.0.2:8000 gateway

        Every option can be a flag (--worker-urls), a variable (GATEWAY_WORKER_URLS), or a key in the
        configuration file (worker-urls or worker_urls). A flag beats a variable, a variable beats the file.
        Lists: several words after a flag, commas or spaces in a variable, a list in the file.

        """;

    private static readonly GatewayOptions Defaults = new();

    public static string Version { get; } =
        typeof(HelpText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static string Render()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var group in OptionCatalog.All.GroupBy(static option => option.Group).OrderBy(static group => group.Key))
        {
            text.Append('\n').Append(Title(group.Key)).Append(":\n");
            foreach (var option in group)
                AppendEntry(text, $"{option.Flag} {option.Hint}".TrimEnd(), $"{option.Help} [{Default(option)}{option.EnvironmentName}]");
        }

        text.Append("\nGeneral:\n");
        AppendEntry(text, $"-c, {CommandLine.ConfigFlag} PATH", $"YAML or JSON file with options. [{EnvironmentVariables.ConfigFile}]");
        AppendEntry(text, "-h, --help", "Prints this.");
        AppendEntry(text, "-V, --version", "Prints the version.");
        return text.ToString();
    }

    private static string Default(OptionDefinition option) =>
        !option.IsSwitch && option.Show(Defaults) is { Length: > 0 } value ? $"default {value}; " : "";

    private static string Title(OptionGroup group) => group switch
    {
        OptionGroup.Keys => "Keys and control plane",
        OptionGroup.CircuitBreaker => "Circuit breaker",
        OptionGroup.HealthChecks => "Health checks",
        OptionGroup.Cluster => "State and cluster",
        _ => group.ToString(),
    };

    private static void AppendEntry(StringBuilder text, string term, string explanation)
    {
        var line = new StringBuilder($"  {term}".PadRight(Indent));
        if (term.Length + 4 > Indent)
            line.Append('\n').Append(' ', Indent);
        var start = line.Length - Indent;
        foreach (var word in explanation.Split(' '))
        {
            if (line.Length - start + word.Length > Width)
            {
                TrimEnd(line).Append('\n');
                start = line.Length;
                line.Append(' ', Indent);
            }

            line.Append(word).Append(' ');
        }

        text.Append(TrimEnd(line)).Append('\n');
    }

    private static StringBuilder TrimEnd(StringBuilder line)
    {
        while (line.Length > 0 && line[^1] == ' ')
            line.Length--;
        return line;
    }
}
