using System.Text;

namespace Gateway.Benchmarks.TextTokenizer;

/// <summary>Texts of the size of prompts, from the repository itself: everybody has the same ones.</summary>
internal static class BenchTexts
{
    /// <summary>Units in a text; a prompt of a thousand tokens.</summary>
    private const int Size = 4096;

    /// <summary>Gets sets of texts by name.</summary>
    public static Dictionary<string, string[]> Read(string repository) => new()
    {
        ["prose"] = Cut(Files(Path.Combine(repository, "docs"), "*.md")),
        ["code"] = Cut(Files(Path.Combine(repository, "src"), "*.cs")),
        ["languages"] = Cut(Languages(repository)),
    };

    private static string Files(string folder, string pattern)
    {
        var all = new StringBuilder();
        var files = Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
        foreach (var file in files.Order(StringComparer.Ordinal))
            all.Append(File.ReadAllText(file));
        return all.ToString();
    }

    /// <summary>The curated strings of the parity tests' corpus, shuffled word by word, many times.</summary>
    private static string Languages(string repository)
    {
        var source = File.ReadAllText(Path.Combine(repository, "tests", "tokenizer-parity", "corpus.mjs"));
        var words = source.Split(' ').Where(static word => word.Any(static unit => unit > 0xFF)).ToArray();
        var random = new Random(1);
        var all = new StringBuilder();
        while (all.Length < 400_000)
            all.Append(words[random.Next(words.Length)]).Append(' ');
        return all.ToString();
    }

    private static string[] Cut(string text) =>
        [.. Enumerable.Range(0, text.Length / Size).Select(index => text.Substring(index * Size, Size)).Where(static part => !char.IsLowSurrogate(part[0]) && !char.IsHighSurrogate(part[^1]))];
}
