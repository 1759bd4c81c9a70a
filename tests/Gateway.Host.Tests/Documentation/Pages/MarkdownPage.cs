using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Host.Tests.Documentation.Pages;

/// <summary>A page of the documentation: its headings, its links, and its fenced blocks with what is written about them.</summary>
internal sealed partial class MarkdownPage
{
    private MarkdownPage(string path, string text)
    {
        Path = path;
        var prose = new StringBuilder();
        Blocks = [.. Fence().Matches(text).Select(match => PageBlock.Of(match, 1 + text.AsSpan(0, match.Index).Count('\n')))];
        var end = 0;
        foreach (Match fence in Fence().Matches(text))
        {
            prose.Append(text.AsSpan(end, fence.Index - end));
            end = fence.Index + fence.Length;
        }

        Prose = prose.Append(text.AsSpan(end)).ToString();
        Anchors = AnchorsOf(Prose);
    }

    /// <summary>From the repository's root, with slashes.</summary>
    public string Path { get; }

    /// <summary>All but the fenced blocks.</summary>
    public string Prose { get; }

    public IReadOnlyList<PageBlock> Blocks { get; }

    /// <summary>What a link can name behind <c>#</c>, as GitHub makes it of headings.</summary>
    public IReadOnlySet<string> Anchors { get; }

    /// <summary>Where links and pictures lead, as they are written.</summary>
    public IEnumerable<string> Links =>
        Link().Matches(CodeSpan().Replace(Prose, "")).Select(static match => match.Groups["target"].Value)
            .Concat(HtmlLink().Matches(Prose).Select(static match => match.Groups["target"].Value));

    public static MarkdownPage Read(string path) => Parse(path, RepositoryFile.Read(path));

    public static MarkdownPage Parse(string path, string text) => new(path, text.ReplaceLineEndings("\n"));

    /// <summary>Every page that is under version control.</summary>
    public static IEnumerable<string> All() =>
        Directory.EnumerateFiles(RepositoryFolder.Root, "*.md", new EnumerationOptions { RecurseSubdirectories = true })
            .Select(static file => System.IO.Path.GetRelativePath(RepositoryFolder.Root, file).Replace('\\', '/'))
            .Where(static path => !path.Split('/').Any(static part => part is "bin" or "obj" or "node_modules" or "artifacts" or "TestResults"))
            .Order(StringComparer.Ordinal);

    private static HashSet<string> AnchorsOf(string prose)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (Match heading in Heading().Matches(prose))
        {
            var words = LinkText().Replace(heading.Groups["text"].Value, "$1").Trim().ToLowerInvariant();
            var anchor = NotInAnchors().Replace(words, "").Replace(' ', '-');
            var unique = anchor;
            for (var again = 1; !anchors.Add(unique); again++)
                unique = $"{anchor}-{again}";
        }

        return anchors;
    }

    [GeneratedRegex("^(?<indent> *)```(?<language>[a-z]*)[^\n]*\n(?<text>.*?)^ *```[ \t]*$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#{1,6} +(?<text>[^\n]+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex LinkText();

    [GeneratedRegex(@"[^\p{L}\p{N}\- _]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("(`+)[^`].*?\\1")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)(?:\s+""[^""]*"")?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?:src|href|srcset)=""(?<target>[^""]+)""")]
    private static partial Regex HtmlLink();
}
