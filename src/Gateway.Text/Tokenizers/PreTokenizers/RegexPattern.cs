using System.Text.RegularExpressions;

namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>Any other regular expression, translated to .NET's dialect.</summary>
/// <remarks>Texts with characters beyond the first plane are searched in their <see cref="BasicPlaneShadow"/>, which <see cref="Matches"/> casts.</remarks>
internal sealed class RegexPattern : Pattern
{
    private readonly Regex _regex;

    public RegexPattern(string source, RegexDialect dialect)
    {
        NamesHan = source.Contains("Han}", StringComparison.Ordinal);
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

    /// <summary>Gets whether Chinese characters matter to it.</summary>
    public bool NamesHan { get; }

    public override bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        foreach (var match in _regex.EnumerateMatches(text, from))
        {
            (start, end) = (match.Index, match.Index + match.Length);
            return true;
        }
        (start, end) = (text.Length, text.Length);
        return false;
    }
}
