using System.Collections;
using System.Text.RegularExpressions;
using Gateway.Host.Commands;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Documentation.Pages;
using Command = System.CommandLine.Command;

namespace Gateway.Host.Tests.Documentation;

/// <summary>Whoever follows a link finds what it promises, and whoever takes a flag from a page is understood.</summary>
public sealed partial class PageLinkTests
{
    /// <summary>Flags on our pages that are .NET's, Helm's or engines', and the word for any flag.</summary>
    private static readonly HashSet<string> OfOthers =
    [
        "--project", "--filter", "--no-build", "--no-restore", "--verify-no-changes", "--locked-mode", "--include", "--set", "--values", "--dp-size", "--flag",
    ];

    public static TheoryData<string> Pages => [.. MarkdownPage.All()];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_of_the_page_leads_somewhere(string path)
    {
        var page = MarkdownPage.Read(path);
        var dead = page.Links.Where(link => !Leads(page, link));

        Assert.True(!dead.Any(), $"{path}: {string.Join(", ", dead)}");
    }

    [Fact]
    public void Every_page_of_the_documentation_can_be_reached_from_its_map()
    {
        var reached = new HashSet<string>();
        var next = new Queue<string>(["README.md"]);
        while (next.TryDequeue(out var path))
        {
            if (!reached.Add(path))
                continue;
            foreach (var link in MarkdownPage.Read(path).Links.Where(static link => !IsElsewhere(link)))
            {
                var target = Resolve(path, link.Split('#')[0]);
                if (target.EndsWith(".md", StringComparison.Ordinal) && File.Exists(RepositoryFile.PathOf(target)))
                    next.Enqueue(target);
                else if (target.Length > 0 && Directory.Exists(RepositoryFile.PathOf(target)))
                    foreach (var inside in Directory.EnumerateFiles(RepositoryFile.PathOf(target), "*.md"))
                        next.Enqueue($"{target.TrimEnd('/')}/{System.IO.Path.GetFileName(inside)}");
            }
        }

        Assert.Empty(MarkdownPage.All().Where(static path => path.StartsWith("docs/", StringComparison.Ordinal)).Except(reached));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_flag_that_the_page_says_is_the_gateways_is(string path)
    {
        var known = OptionCatalog.All.Select(static option => option.Flag).Concat(CommandFlags()).ToHashSet(StringComparer.Ordinal);
        var page = MarkdownPage.Read(path);
        var named = GatewayCommand().Matches(RepositoryFile.Read(path)).SelectMany(static command => Flag().Matches(command.Value))
            .Concat(path.StartsWith("docs/", StringComparison.Ordinal) && !IsAboutOthers(path)
                ? CodeSpan().Matches(page.Prose).SelectMany(static span => Flag().Matches(span.Value))
                : [])
            .Select(static flag => flag.Groups["flag"].Value);

        Assert.Empty(named.Distinct().Where(flag => !known.Contains(flag) && !OfOthers.Contains(flag)).Select(flag => $"{path}: {flag}"));
    }

    private static bool Leads(MarkdownPage page, string link)
    {
        if (IsElsewhere(link))
            return true;
        var parts = link.Split('#', 2);
        var target = parts[0].Length == 0 ? page.Path : Resolve(page.Path, parts[0]);
        var file = RepositoryFile.PathOf(target);
        if (Directory.Exists(file))
            return parts.Length == 1;
        if (!File.Exists(file))
            return false;
        return parts.Length == 1 || (target.EndsWith(".md", StringComparison.Ordinal) && MarkdownPage.Read(target).Anchors.Contains(parts[1]));
    }

    private static bool IsElsewhere(string link) => link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal);

    private static string Resolve(string from, string link)
    {
        var folder = Path.GetDirectoryName(RepositoryFile.PathOf(from))!;
        return Path.GetRelativePath(RepositoryFolder.Root, Path.GetFullPath(Path.Combine(folder, link))).Replace('\\', '/');
    }

    /// <summary>Pages that name flags of other gateways, to say what they are here, and of other programs.</summary>
    private static bool IsAboutOthers(string path) =>
        path.StartsWith("docs/migration/", StringComparison.Ordinal) || path.StartsWith("docs/decisions/", StringComparison.Ordinal)
        || path.StartsWith("docs/benchmarks", StringComparison.Ordinal) || path is "docs/api.md" or "docs/releasing.md";

    private static IEnumerable<string> CommandFlags() =>
        ["--config", "--help", "--version", .. OptionsOf(OperatorCommands.Root(new ConnectionOptions(new Hashtable()), CommandConsole.Process()))];

    private static IEnumerable<string> OptionsOf(Command command) =>
        command.Options.Select(static option => option.Name).Concat(command.Subcommands.SelectMany(OptionsOf));

    [GeneratedRegex(@"(?:(?<![\w/-])gateway|--project src/Gateway\.Host(?: --)?)(?: [^\n`|#]*(?:\\\n[^\n`|#]*)*)")]
    private static partial Regex GatewayCommand();

    [GeneratedRegex("`[^`\n]+`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"(?<![\w-])(?<flag>--[a-z][a-z0-9-]+)(?![\w-])")]
    private static partial Regex Flag();
}
