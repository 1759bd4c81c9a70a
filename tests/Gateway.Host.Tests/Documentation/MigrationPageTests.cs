using System.Text.RegularExpressions;
using Gateway.Actors.Routing;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Configuration;
using Gateway.Host.Tests.Documentation.Pages;

namespace Gateway.Host.Tests.Documentation;

public sealed partial class MigrationPageTests
{
    public static TheoryData<string> Pages => [.. MarkdownPage.All().Where(static path =>
        path.StartsWith("docs/migration/", StringComparison.Ordinal) && !path.EndsWith("README.md", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_configuration_after_the_migration_is_one_the_gateway_starts_with(string path)
    {
        var after = Assert.Single(MarkdownPage.Read(path).Blocks, static block => block.Language == "yaml");
        using var file = new TemporaryFile(after.Text);

        var options = Load.Options($"--config {file.Path}");

        Assert.Equal(2, options.Fleet.Workers.Count + options.Fleet.WorkerUrls.Count);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_a_setting_is_called_here_is_so_called(string path)
    {
        var rows = Row().Matches(RepositoryFile.Read(path).ReplaceLineEndings("\n"));

        Assert.NotEmpty(rows);
        foreach (var row in rows.Select(static row => row.Groups))
        {
            var (theirs, ours) = (row["theirs"].Value, row["ours"].Value);
            var named = Flag().Matches(ours).Concat(ours.StartsWith("the same", StringComparison.Ordinal) ? Flag().Matches(theirs) : []).Select(static flag => flag.Value[2..]);
            Assert.All(named, name => Assert.True(name == "config" || OptionCatalog.Find(name) is not null, $"{path}: --{name}"));
            Assert.All(Policy().Matches(ours).Select(static policy => policy.Groups["name"].Value), static name => Assert.True(PolicyCatalog.Contains(name), name));
        }
    }

    [GeneratedRegex("^\\| (?<theirs>.*`.*?) \\| (?<ours>[^|\n]+) \\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("(?<![\\w-])--[a-z][a-z0-9-]+")]
    private static partial Regex Flag();

    [GeneratedRegex("--policy (?<name>[a-z_]+)")]
    private static partial Regex Policy();
}
