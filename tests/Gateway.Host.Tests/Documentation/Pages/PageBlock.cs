using System.Text.RegularExpressions;

namespace Gateway.Host.Tests.Documentation.Pages;

/// <summary>A fenced block.</summary>
/// <param name="Language">The word behind the fence; empty if there is none.</param>
/// <param name="Text">What stands in it, without the indentation of a list.</param>
/// <param name="Line">Where it begins, counted from 1.</param>
/// <param name="End">Where the page goes on, as an offset.</param>
internal sealed record PageBlock(string Language, string Text, int Line, int End)
{
    public static PageBlock Of(Match fence, int line)
    {
        var indent = fence.Groups["indent"].Value;
        var lines = fence.Groups["text"].Value.Split('\n')
            .Select(text => text.StartsWith(indent, StringComparison.Ordinal) ? text[indent.Length..] : text);
        return new PageBlock(fence.Groups["language"].Value, string.Join('\n', lines), line, fence.Index + fence.Length);
    }
}
