using System.Text;
using System.Text.RegularExpressions;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Documentation;

/// <summary>The options as <c>docs/configuration.md</c> lists them, made from the catalog.</summary>
internal static partial class OptionTable
{
    public const string Begin = "<!-- options: begin -->";
    public const string End = "<!-- options: end -->";

    private static readonly GatewayOptions Defaults = new();

    public static string Render()
    {
        var page = new StringBuilder();
        foreach (var group in OptionCatalog.All.GroupBy(static option => option.Group).OrderBy(static group => group.Key))
        {
            page.Append("\n### ").Append(Title(group.Key)).Append("\n\n");
            page.Append("| flag | variable | default | what it does |\n|---|---|---|---|\n");
            foreach (var option in group)
                page.Append("| `").Append(Term(option)).Append("` | `").Append(option.EnvironmentName).Append("` | ").Append(Default(option)).Append(" | ").Append(option.Help).Append(" |\n");
        }

        return page.Append('\n').ToString();
    }

    private static string Term(OptionDefinition option) => $"{option.Flag} {option.Hint}".TrimEnd();

    private static string Default(OptionDefinition option) => option.Show(Defaults) is { Length: > 0 } value ? $"`{value}`" : "";

    private static string Title(OptionGroup group) =>
        WordBreak().Replace(group.ToString(), static letter => $" {letter.Value.ToLowerInvariant()}");

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordBreak();
}
