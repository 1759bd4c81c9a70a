using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Host.Tests.Documentation.Pages;

/// <summary>
/// Something that a page has its reader type, and what the page says will come of it. The answer stands in the fenced blocks of <c>text</c> or
/// <c>json</c> that follow, line by line, with <c>…</c> for what differs from run to run. What is not for readers stands in comments behind
/// the block:
/// <code>
/// &lt;!-- expect: TEXT --&gt;   the output has it
/// &lt;!-- log: TEXT --&gt;      the gateway's log has it, or gets it
/// &lt;!-- exit: N --&gt;        the commands end with N instead of 0
/// &lt;!-- repeat --&gt;         it takes a while: again until it is so
/// &lt;!-- beside --&gt;         it goes on while the page does, as in a terminal of its own
/// &lt;!-- beside: TEXT --&gt;   what runs beside has said that, or says it in a while
/// &lt;!-- not run: WHY --&gt;   the test cannot do that
/// </code>
/// </summary>
internal sealed partial record PageStep(PageBlock Block)
{
    /// <summary>Pieces of text that the output must have, each with <c>…</c> for anything.</summary>
    public IReadOnlyList<string> Expected { get; private init; } = [];

    public IReadOnlyList<string> Logged { get; private init; } = [];

    /// <summary>What the command that runs beside the page says.</summary>
    public IReadOnlyList<string> ExpectedBeside { get; private init; } = [];

    public bool RunsBeside { get; private init; }

    public int Exit { get; private init; }

    public bool IsRepeated { get; private init; }

    /// <summary>Why it is not run; null if it is.</summary>
    public string? NotRun { get; private init; }

    public bool PromisesSomething => Expected.Count + Logged.Count + ExpectedBeside.Count > 0;

    public static IReadOnlyList<PageStep> Of(string path)
    {
        var text = RepositoryFile.Read(path).ReplaceLineEndings("\n");
        var blocks = MarkdownPage.Parse(path, text).Blocks;
        var steps = new List<PageStep>();
        for (var i = 0; i < blocks.Count; i++)
        {
            if (!IsTyped(blocks[i]))
                continue;
            var answers = blocks.Skip(i + 1).TakeWhile(static block => !IsTyped(block)).ToArray();
            var next = blocks.Skip(i + 1).FirstOrDefault(IsTyped);
            var until = next is null ? text.Length : LineStart(text, next.Line);
            steps.Add(new PageStep(blocks[i]).With(answers, text[blocks[i].End..until]));
        }

        return steps;
    }

    /// <summary>The first piece that the output does not have; null if it has them all.</summary>
    public string? Missing(string output) => Expected.FirstOrDefault(piece => !Has(output, piece));

    /// <summary>Columns are as wide as what stands in them: several blanks are like one.</summary>
    public static bool Has(string output, string piece)
    {
        output = Blanks().Replace(output, " ");
        var from = 0;
        foreach (var part in Blanks().Replace(piece, " ").Split('…', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = output.IndexOf(part, from, StringComparison.Ordinal);
            if (at < 0)
                return false;
            from = at + part.Length;
        }

        return true;
    }

    private static bool IsTyped(PageBlock block) => block.Language is "bash" or "python";

    private static int LineStart(string text, int line)
    {
        var at = 0;
        for (var i = 1; i < line; i++)
            at = text.IndexOf('\n', at) + 1;
        return at;
    }

    private PageStep With(IEnumerable<PageBlock> answers, string behind)
    {
        var step = this with
        {
            Expected = [.. answers
                .Where(static block => block.Language is "text" or "json")
                .SelectMany(static block => block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
        };
        return Note().Matches(behind).Aggregate(step, static (known, note) => known.With(note.Groups["word"].Value, note.Groups["value"].Value.Trim()));
    }

    private PageStep With(string word, string value) => word switch
    {
        "expect" => this with { Expected = [.. Expected, value] },
        "log" => this with { Logged = [.. Logged, value] },
        "exit" => this with { Exit = int.Parse(value, CultureInfo.InvariantCulture) },
        "beside" when value.Length == 0 => this with { RunsBeside = true },
        "beside" => this with { ExpectedBeside = [.. ExpectedBeside, value] },
        "repeat" => this with { IsRepeated = true },
        "not run" => this with { NotRun = value },
        _ => throw new FormatException($"line {Block.Line}: nobody knows the note '{word}'"),
    };

    [GeneratedRegex(" {2,}")]
    private static partial Regex Blanks();

    [GeneratedRegex("<!-- (?<word>[a-z ]+?)(?:: (?<value>.*?))? -->")]
    private static partial Regex Note();
}
