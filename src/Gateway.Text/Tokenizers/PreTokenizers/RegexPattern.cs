using System.Text.RegularExpressions;

namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>Any other regular expression, translated to .NET's dialect.</summary>
internal sealed class RegexPattern : Pattern
{
    private readonly Regex _regex;
    private readonly bool _namesHan;

    public RegexPattern(string source, RegexDialect dialect)
    {
        _namesHan = source.Contains("Han}", StringComparison.Ordinal);
        var translated = RegexTranslator.Translate(source, dialect);
        // In Ruby's syntax ^ and $ are always those of lines.
        var options = RegexOptions.CultureInvariant | RegexOptions.Compiled
            | (dialect == RegexDialect.Oniguruma ? RegexOptions.Multiline : RegexOptions.None);
        try
        {
            _regex = new Regex(translated, options);
        }
        catch (ArgumentException error)
        {
            throw new TokenizerFormatException($"The regular expression {source} is not supported.", error);
        }
    }

    public override bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        if (text.IndexOfAnyInRange('\uD800', '\uDFFF') >= 0)
            return TryFindInShadow(text, from, out start, out end);
        foreach (var match in _regex.EnumerateMatches(text, from))
        {
            (start, end) = (match.Index, match.Index + match.Length);
            return true;
        }
        (start, end) = (text.Length, text.Length);
        return false;
    }

    private bool TryFindInShadow(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        using var shadow = new CharBuffer();
        BasicPlaneShadow.Cast(text[..from], _namesHan, shadow);
        var shadowFrom = shadow.Length;
        BasicPlaneShadow.Cast(text[from..], _namesHan, shadow);
        if (!TryFind(shadow.Span, shadowFrom, out var shadowStart, out var shadowEnd))
        {
            (start, end) = (text.Length, text.Length);
            return false;
        }
        start = from + BasicPlaneShadow.Length(text[from..], shadowStart - shadowFrom);
        end = start + BasicPlaneShadow.Length(text[start..], shadowEnd - shadowStart);
        return true;
    }
}
