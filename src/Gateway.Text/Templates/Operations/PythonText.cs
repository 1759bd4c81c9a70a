using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.Text.Templates.Operations;

/// <summary>
/// Strings as Python counts them: by code points. A string without surrogates, which nearly all are, is counted as it lies.
/// </summary>
internal static class PythonText
{
    private static readonly SearchValues<char> Surrogates = SearchValues.Create(
        string.Create(0x800, 0, static (span, _) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = (char)(0xD800 + i);
        }));

    private static readonly SearchValues<char> Doubled = SearchValues.Create("ßŉﬀﬁﬂﬃﬄﬅﬆ");

    public static bool IsSimple(ReadOnlySpan<char> text) => !text.ContainsAny(Surrogates);

    public static int Length(string text)
    {
        if (IsSimple(text))
            return text.Length;
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
            count++;
        return count;
    }

    /// <summary>One string a code point, for strings with surrogates.</summary>
    public static string[] CodePoints(string text)
    {
        var points = new List<string>(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var length = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? 2 : 1;
            points.Add(text.Substring(i, length));
            i += length;
        }

        return [.. points];
    }

    /// <summary>The first <paramref name="count"/> code points.</summary>
    public static string Head(string text, int count)
    {
        if (IsSimple(text))
            return text[..Math.Min(count, text.Length)];
        var at = 0;
        for (; count > 0 && at < text.Length; count--)
            at += at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
        return text[..at];
    }

    /// <summary>Shortest digits that give the same number back, written as Python does.</summary>
    public static string Number(double number)
    {
        if (double.IsNaN(number))
            return "nan";
        if (double.IsInfinity(number))
            return number > 0 ? "inf" : "-inf";
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);

        // Both write exponents below 0.0001; Python also from 16 digits, .NET from 17.
        if (shortest.IndexOf('E', StringComparison.Ordinal) is > 0 and var mark)
            return Scientific(shortest, int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        if (Math.Abs(number) >= 1e16)
            return Scientific(shortest, shortest.Length - (number < 0 ? 2 : 1));
        return shortest.Contains('.', StringComparison.Ordinal) ? shortest : shortest + ".0";
    }

    /// <summary>Whether Python's <c>str.isspace</c> is true of it; the same as .NET's but for four separators of ASCII.</summary>
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\x1c' and <= '\x1f';

    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        while (text.Length > 0 && IsSpace(text[^1]))
            text = text[..^1];
        return text;
    }

    public static ReadOnlySpan<char> TrimStart(ReadOnlySpan<char> text)
    {
        while (text.Length > 0 && IsSpace(text[0]))
            text = text[1..];
        return text;
    }

    /// <summary>Upper case, with the letters that become two. .NET leaves those as they are.</summary>
    public static string Upper(string text)
    {
        var upper = text.ToUpperInvariant();
        if (!upper.AsSpan().ContainsAny(Doubled))
            return upper;
        var doubled = new StringBuilder(upper.Length + 8);
        foreach (var character in upper)
        {
            _ = character switch
            {
                'ß' => doubled.Append("SS"),
                'ŉ' => doubled.Append("ʼN"),
                'ﬀ' => doubled.Append("FF"),
                'ﬁ' => doubled.Append("FI"),
                'ﬂ' => doubled.Append("FL"),
                'ﬃ' => doubled.Append("FFI"),
                'ﬄ' => doubled.Append("FFL"),
                'ﬅ' or 'ﬆ' => doubled.Append("ST"),
                _ => doubled.Append(character),
            };
        }

        return doubled.ToString();
    }

    public static string Capitalize(string text) => text.Length == 0
        ? text
        : string.Concat(text[..1].ToUpperInvariant(), text[1..].ToLowerInvariant());

    /// <summary>As <c>str.splitlines</c>, which knows more line ends than most.</summary>
    public static List<string> Lines(string text, bool keepEnds = false)
    {
        var lines = new List<string>();
        var start = 0;
        while (start < text.Length)
        {
            var end = start;
            while (end < text.Length && !IsLineEnd(text[end]))
                end++;
            var next = end == text.Length ? end : end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
            lines.Add(text[start..(keepEnds ? next : end)]);
            start = next;
        }

        return lines;
    }

    private static bool IsLineEnd(char character) =>
        character is >= '\n' and <= '\r' or >= '\x1c' and <= '\x1e' or '\x85' or '\u2028' or '\u2029';

    private static string Scientific(string shortest, int exponent)
    {
        var negative = shortest[0] == '-';
        var mantissa = shortest.AsSpan(negative ? 1 : 0);
        var cut = mantissa.IndexOf('E');
        if (cut >= 0)
            mantissa = mantissa[..cut];
        var digits = new StringBuilder();
        foreach (var character in mantissa)
        {
            if (character != '.')
                digits.Append(character);
        }

        var significant = digits.ToString().Trim('0');
        var fraction = significant.Length > 1 ? $".{significant[1..]}" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(negative ? "-" : "")}{significant[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }
}
