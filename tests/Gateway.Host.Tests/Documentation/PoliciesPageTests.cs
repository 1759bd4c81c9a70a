using System.Text.RegularExpressions;
using Gateway.Actors.Routing;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Documentation.Pages;

namespace Gateway.Host.Tests.Documentation;

public sealed partial class PoliciesPageTests
{
    private static readonly string Page = RepositoryFile.Read("docs/policies.md").ReplaceLineEndings("\n");

    private static readonly Dictionary<string, string> Sections = Page.Split("\n## ").Skip(1)
        .ToDictionary(static section => section[..section.IndexOf('\n', StringComparison.Ordinal)]);

    [Fact]
    public void There_is_a_section_for_each_policy_and_for_nothing_else() =>
        Assert.Equal(PolicyCatalog.Names.Order(), Sections.Keys.Order());

    [Fact]
    public void Each_section_has_a_picture_of_its_own() => Assert.All(Sections, static section =>
    {
        var picture = $"images/policies/{section.Key}.svg";
        Assert.Contains($"]({picture})", section.Value, StringComparison.Ordinal);
        Assert.Contains($"<title id=\"title\">{section.Key}</title>", RepositoryFile.Read($"docs/{picture}"), StringComparison.Ordinal);
    });

    [Fact]
    public void Each_section_says_when_to_use_it_and_when_not_and_what_it_costs() => Assert.All(Sections.Values, static text =>
        Assert.All(new[] { "**Use it**", "**Not**", "**Options:**", "**Cost", "**Figures:**" }, word => Assert.Contains(word, text, StringComparison.Ordinal)));

    [Fact]
    public void Every_option_that_a_section_names_exists() => Assert.All(Sections, static section =>
    {
        var named = OptionName().Matches(section.Value).Select(static match => match.Groups["name"].Value).Distinct();
        Assert.All(named, static name => Assert.NotNull(OptionCatalog.Find(name)));
    });

    /// <summary>Policies' options say in their help which policy they are for.</summary>
    [Fact]
    public void Every_option_of_a_policy_is_named_in_its_section()
    {
        var missing =
            from option in OptionCatalog.All
            let colon = option.Help.IndexOf(':', StringComparison.Ordinal)
            where colon > 0
            from policy in option.Help[..colon].Split(", ")
            where Sections.ContainsKey(policy) && !Sections[policy].Contains($"`{option.Name}`", StringComparison.Ordinal)
            select $"{policy}: {option.Name}";

        Assert.Empty(missing);
    }

    [Fact]
    public void Every_figure_stands_in_the_benchmarks()
    {
        var rows = MarkdownPage.All().Where(static path => path.StartsWith("docs/benchmarks", StringComparison.Ordinal))
            .SelectMany(static path => RepositoryFile.Read(path).Replace("*", "", StringComparison.Ordinal).Split('\n'))
            .ToArray();
        foreach (var (name, section) in Sections)
        {
            var figures = Figure().Matches(section[section.IndexOf("**Figures:**", StringComparison.Ordinal)..]).Select(static match => $"| {match.Value} |");
            Assert.NotEmpty(figures);
            Assert.True(
                Array.Exists(rows, row => row.StartsWith($"| {name} |", StringComparison.Ordinal) && figures.All(figure => row.Contains(figure, StringComparison.Ordinal))),
                $"{name}: {string.Join(' ', figures)}");
        }
    }

    [GeneratedRegex("`(?<name>[a-z]+(?:-[a-z]+)+)`")]
    private static partial Regex OptionName();

    [GeneratedRegex("[0-9]+ %, [0-9]+ / [0-9]+")]
    private static partial Regex Figure();
}
