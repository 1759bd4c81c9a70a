using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>
/// Writes a regular expression of another dialect as one of .NET's. What has no certain equivalent is refused: a pattern that is only
/// nearly right gives wrong ids without anybody noticing.
/// </summary>
internal sealed class RegexTranslator
{
    private const string Han = @"\u2E80-\u2E99\u2E9B-\u2EF3\u2F00-\u2FD5\u3005\u3007\u3021-\u3029\u3038-\u303B\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFA6D\uFA70-\uFAD9";
    private const string Word = @"\p{L}\p{M}\p{Nl}\p{Nd}\p{Pc}\u24B6-\u24E9";

    /// <summary>Oniguruma counts the superscripts and fractions of Latin-1 too.</summary>
    private const string OnigurumaWord = Word + @"\u00B2\u00B3\u00B9\u00BC-\u00BE";

    private static readonly HashSet<string> Categories =
    [
        "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Cs", "Co", "Cn",
    ];

    private readonly string _source;
    private readonly RegexDialect _dialect;
    private readonly StringBuilder _output = new();
    private readonly Stack<(int Start, bool IgnoresCase)> _groups = [];
    private int _index;
    private int _atom = -1;
    private bool _ignoresCase;

    private RegexTranslator(string source, RegexDialect dialect)
    {
        _source = source;
        _dialect = dialect;
    }

    public static string Translate(string source, RegexDialect dialect)
    {
        foreach (var unit in source)
        {
            if (char.IsSurrogate(unit))
                throw new TokenizerFormatException($"The regular expression {source} names a character beyond the first plane.");
        }
        var translator = new RegexTranslator(source, dialect);
        translator.Run();
        return translator._output.ToString();
    }

    private string WordSet => _dialect == RegexDialect.Oniguruma ? OnigurumaWord : Word;

    private void Run()
    {
        while (_index < _source.Length)
        {
            var unit = _source[_index];
            switch (unit)
            {
                case '\\':
                    _atom = _output.Length;
                    _output.Append(Escape(inClass: false));
                    break;
                case '[':
                    _atom = _output.Length;
                    _output.Append(Class());
                    break;
                case '(':
                    OpenGroup();
                    break;
                case ')':
                    if (_groups.Count == 0)
                        throw Refused("a parenthesis too many");
                    (_atom, _ignoresCase) = _groups.Pop();
                    _output.Append(unit);
                    _index++;
                    break;
                case '*' or '+' or '?':
                    Quantify(unit.ToString(), _index + 1, possessiveByPlus: true);
                    break;
                case '{' when Interval() is { } interval:
                    Quantify(interval.Text, interval.End, possessiveByPlus: _dialect == RegexDialect.Python);
                    break;
                case '|' or '^' or '$':
                    _atom = -1;
                    _output.Append(unit);
                    _index++;
                    break;
                case '#' or ' ':
                    _atom = _output.Length;
                    _output.Append('\\').Append(unit);
                    _index++;
                    break;
                default:
                    _atom = _output.Length;
                    _output.Append(_ignoresCase && unit is 's' or 'S' ? "[s\u017F]" : _ignoresCase && unit is 'k' or 'K' ? "[k\u212A]" : unit.ToString());
                    _index++;
                    break;
            }
        }
        if (_groups.Count > 0)
            throw Refused("a parenthesis too few");
    }

    private void OpenGroup()
    {
        var start = _output.Length;
        _groups.Push((start, _ignoresCase));
        _atom = -1;
        foreach (var opening in (string[])["(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"])
        {
            if (_source.AsSpan(_index).StartsWith(opening, StringComparison.Ordinal))
            {
                _output.Append(opening);
                _index += opening.Length;
                return;
            }
        }
        if (_source.AsSpan(_index).StartsWith("(?i:", StringComparison.Ordinal))
        {
            _ignoresCase = true;
            _output.Append("(?i:");
            _index += 4;
            return;
        }
        if (_source.AsSpan(_index).StartsWith("(?", StringComparison.Ordinal))
            throw Refused("an unknown kind of group");
        _output.Append("(?:");
        _index++;
    }

    private void Quantify(string quantifier, int end, bool possessiveByPlus)
    {
        if (_atom < 0)
            throw Refused("a quantifier of nothing");
        _index = end;
        var sign = _index < _source.Length ? _source[_index] : '\0';
        if (sign == '?' && (possessiveByPlus || _dialect == RegexDialect.Python))
        {
            _output.Append(quantifier).Append('?');
            _index++;
            return;
        }
        if (sign is '+' or '?')
        {
            // Possessive; but after an interval Ruby's syntax repeats the whole instead.
            _output.Insert(_atom, possessiveByPlus ? "(?>" : "(?:").Append(quantifier).Append(')');
            if (!possessiveByPlus)
                _output.Append(sign);
            _index++;
            return;
        }
        _output.Append(quantifier);
    }

    private (string Text, int End)? Interval()
    {
        var close = _source.IndexOf('}', _index);
        if (close < 0)
            return null;
        var body = _source[(_index + 1)..close];
        if (body.Length == 0 || body == "," || body.Any(static unit => !char.IsAsciiDigit(unit) && unit != ',') || body.Count(static unit => unit == ',') > 1)
            return null;
        return ("{" + (body[0] == ',' ? "0" : "") + body + "}", close + 1);
    }

    /// <summary>Translates an escape; for a set within a class without brackets of its own.</summary>
    private string Escape(bool inClass)
    {
        if (++_index == _source.Length)
            throw Refused("an escape of nothing");
        var unit = _source[_index++];
        switch (unit)
        {
            case 'p' or 'P':
                return Property(unit == 'P', inClass);
            case 'w':
                return inClass ? WordSet : $"[{WordSet}]";
            case 'W' when !inClass:
                return $"[^{WordSet}]";
            case 's' or 'S' or 'd' or 'D' or 'n' or 'r' or 't' or 'f' or 'v':
                return "\\" + unit;
            case 'A' or 'z' or 'Z' when !inClass:
                return "\\" + unit;
            case 'x' or 'u':
                return CodePoint(unit);
            case not (>= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9'):
                return Literal(unit);
            default:
                throw Refused($"the escape \\{unit}");
        }
    }

    private static string Literal(char unit) => unit < 0x80 ? "\\" + unit : unit.ToString();

    private string CodePoint(char kind)
    {
        var digits = kind == 'u' ? 4 : 2;
        string hex;
        if (_index < _source.Length && _source[_index] == '{')
        {
            var close = _source.IndexOf('}', _index);
            hex = close < 0 ? "" : _source[(_index + 1)..close];
            _index = close + 1;
        }
        else
        {
            hex = _index + digits <= _source.Length ? _source.Substring(_index, digits) : "";
            _index += digits;
        }
        if (!int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value > 0xFFFF)
            throw Refused("a code point beyond the first plane, or none");
        return $"\\u{value:X4}";
    }

    private string Property(bool negated, bool inClass)
    {
        var name = "";
        if (_index < _source.Length && _source[_index] == '{')
        {
            var close = _source.IndexOf('}', _index);
            name = close < 0 ? "" : _source[(_index + 1)..close];
            _index = close + 1;
        }
        else if (_index < _source.Length)
        {
            name = _source[_index++].ToString();
        }
        if (name.StartsWith('^'))
            (negated, name) = (!negated, name[1..]);
        if (name == "Han")
        {
            if (inClass)
                return negated ? throw Refused("a negated script in a class") : Han;
            return negated ? $"[^{Han}]" : $"[{Han}]";
        }
        return Categories.Contains(name) ? $"\\{(negated ? 'P' : 'p')}{{{name}}}" : throw Refused($"the property {name}");
    }

    /// <summary>Translates a class; <c>A&amp;&amp;[^B]</c> becomes .NET's subtraction.</summary>
    private string Class()
    {
        var (negated, body, subtracted) = ClassBody();
        if (_ignoresCase)
            body = WithOddCases(body);
        if (negated && subtracted is not null)
            throw Refused("a negated intersection");
        return (negated ? "[^" : "[") + body + (subtracted is null ? "]" : $"-[{subtracted}]]");
    }

    /// <summary>.NET does not count the long s and the sign for kelvin as cases of their letters.</summary>
    private static string WithOddCases(string body) =>
        body + (Regex.IsMatch("sS", $"[{body}]") ? "\u017F" : "") + (Regex.IsMatch("kK", $"[{body}]") ? "\u212A" : "");

    private (bool Negated, string Body, string? Subtracted) ClassBody()
    {
        _index++;
        var negated = _index < _source.Length && _source[_index] == '^';
        if (negated)
            _index++;
        var body = new StringBuilder();
        var first = true;
        while (true)
        {
            if (_index >= _source.Length)
                throw Refused("a class without an end");
            var unit = _source[_index];
            if (unit == ']' && !first)
            {
                _index++;
                return (negated, body.ToString(), null);
            }
            first = false;
            if (unit == '\\')
            {
                body.Append(Escape(inClass: true));
            }
            else if (unit == '[' && _dialect == RegexDialect.Oniguruma)
            {
                if (_source.AsSpan(_index).StartsWith("[:", StringComparison.Ordinal))
                    throw Refused("a POSIX bracket");
                var inner = ClassBody();
                body.Append(inner is { Negated: false, Subtracted: null } ? inner.Body : throw Refused("a class in a class"));
            }
            else if (_source.AsSpan(_index).StartsWith("&&", StringComparison.Ordinal))
            {
                _index += 2;
                if (_index >= _source.Length || _source[_index] != '[')
                    throw Refused("an intersection");
                var inner = ClassBody();
                if (inner is not { Negated: true, Subtracted: null } || _index >= _source.Length || _source[_index] != ']')
                    throw Refused("an intersection");
                _index++;
                return (negated, body.ToString(), inner.Body);
            }
            else
            {
                body.Append(unit == '-' && body.Length > 0 && _index + 1 < _source.Length && _source[_index + 1] != ']' ? "-" : unit is '-' or '[' or ']' or '^' ? "\\" + unit : unit);
                _index++;
            }
        }
    }

    private TokenizerFormatException Refused(string what) => new($"The regular expression {_source} is not supported: it has {what}.");
}
