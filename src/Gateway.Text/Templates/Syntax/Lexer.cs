using System.Globalization;
using System.Text;

namespace Gateway.Text.Templates.Syntax;

/// <summary>
/// Cuts a template into tokens as Jinja does with <c>trim_blocks</c> and <c>lstrip_blocks</c>, which is how transformers sets it up: a
/// block's tag takes the blanks before it on its line and the line end after it; a minus takes all white space, a plus none.
/// </summary>
internal sealed class Lexer
{
    private static readonly (string Text, TokenKind Kind)[] Signs =
    [
        ("**", TokenKind.DoubleStar), ("//", TokenKind.DoubleSlash), ("==", TokenKind.Equal), ("!=", TokenKind.NotEqual),
        ("<=", TokenKind.LessOrEqual), (">=", TokenKind.GreaterOrEqual), ("+", TokenKind.Plus), ("-", TokenKind.Minus),
        ("*", TokenKind.Star), ("/", TokenKind.Slash), ("%", TokenKind.Percent), ("~", TokenKind.Tilde), ("<", TokenKind.Less),
        (">", TokenKind.Greater), ("=", TokenKind.Assign), (".", TokenKind.Dot), (":", TokenKind.Colon), ("|", TokenKind.Pipe),
        (",", TokenKind.Comma), ("(", TokenKind.LeftParenthesis), (")", TokenKind.RightParenthesis), ("[", TokenKind.LeftBracket),
        ("]", TokenKind.RightBracket), ("{", TokenKind.LeftBrace), ("}", TokenKind.RightBrace),
    ];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private readonly Stack<char> _open = new();
    private int _at;
    private int _line = 1;
    private bool _lineStarts = true;

    private Lexer(string source) => _source = source;

    public static List<Token> Tokenize(string source)
    {
        var text = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        var lexer = new Lexer(text.EndsWith('\n') ? text[..^1] : text);
        while (lexer._at < lexer._source.Length)
            lexer.ReadData();
        lexer.Add(TokenKind.End, "");
        return lexer._tokens;
    }

    private void ReadData()
    {
        var tag = _at;
        while (true)
        {
            tag = _source.IndexOf('{', tag);
            if (tag < 0 || tag + 1 >= _source.Length)
            {
                AddData(_source.Length, _source.Length);
                return;
            }

            if (_source[tag + 1] is '%' or '{' or '#')
                break;
            tag++;
        }

        var kind = _source[tag + 1];
        var sign = Peek(tag + 2) is ('-' or '+') and var found ? found : '\0';
        AddData(Stripped(tag, sign, isBlock: kind != '{'), tag);
        _at = tag + (sign == '\0' ? 2 : 3);
        if (kind == '#')
            SkipComment();
        else if (kind == '%' && IsRaw(out var body))
            ReadRaw(body);
        else
            ReadTag(isBlock: kind == '%');
    }

    /// <summary>Where the text before a tag ends, once the tag has taken what it takes.</summary>
    private int Stripped(int tag, char sign, bool isBlock)
    {
        var end = tag;
        if (sign == '-')
        {
            while (end > _at && IsSpace(_source[end - 1]))
                end--;
            return end;
        }

        if (sign == '+' || !isBlock)
            return tag;
        while (end > _at && IsSpace(_source[end - 1]) && _source[end - 1] != '\n')
            end--;
        return end > _at ? (_source[end - 1] == '\n' ? end : tag) : _lineStarts ? end : tag;
    }

    private void AddData(int end, int next)
    {
        if (end > _at)
            Add(TokenKind.Data, _source[_at..end]);
        CountLines(_at, next);
        _at = next;
        _lineStarts = false;
    }

    private void SkipComment()
    {
        var end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
            throw Error("Missing end of comment tag");
        var sign = end > _at ? _source[end - 1] : '\0';
        CountLines(_at, end);
        _at = end + 2;
        AfterBlock(sign);
    }

    /// <summary>Whether the tag at hand is <c>raw</c>, and where what it holds begins.</summary>
    private bool IsRaw(out int body)
    {
        body = SkipSpace(_at);
        if (!_source.AsSpan(body).StartsWith("raw", StringComparison.Ordinal))
            return false;
        body = SkipSpace(body + 3);
        if (_source.AsSpan(body).StartsWith("-%}", StringComparison.Ordinal))
        {
            body = SkipSpace(body + 3);
            return true;
        }

        var isRaw = _source.AsSpan(body).StartsWith("%}", StringComparison.Ordinal);
        body += 2;
        return isRaw;
    }

    private void ReadRaw(int body)
    {
        CountLines(_at, body);
        _at = body;
        for (var tag = _source.IndexOf("{%", body, StringComparison.Ordinal); tag >= 0; tag = _source.IndexOf("{%", tag + 2, StringComparison.Ordinal))
        {
            var sign = Peek(tag + 2) is ('-' or '+') and var found ? found : '\0';
            var name = SkipSpace(tag + (sign == '\0' ? 2 : 3));
            if (!_source.AsSpan(name).StartsWith("endraw", StringComparison.Ordinal))
                continue;
            var end = SkipSpace(name + 6);
            var endSign = Peek(end) is ('-' or '+') and var closing ? closing : '\0';
            end += endSign == '\0' ? 0 : 1;
            if (!_source.AsSpan(end).StartsWith("%}", StringComparison.Ordinal))
                continue;
            AddData(Stripped(tag, sign, isBlock: true), tag);
            CountLines(_at, end);
            _at = end + 2;
            AfterBlock(endSign);
            return;
        }

        throw Error("Missing end of raw directive");
    }

    private void ReadTag(bool isBlock)
    {
        Add(isBlock ? TokenKind.BlockBegin : TokenKind.VariableBegin, isBlock ? "{%" : "{{");
        while (true)
        {
            var start = SkipSpace(_at);
            CountLines(_at, start);
            _at = start;
            if (_at >= _source.Length)
                throw Error("unexpected end of template");
            if (_open.Count == 0 && IsEnd(isBlock, out var sign))
            {
                Add(isBlock ? TokenKind.BlockEnd : TokenKind.VariableEnd, isBlock ? "%}" : "}}");
                _at += sign == '\0' ? 2 : 3;
                if (isBlock)
                    AfterBlock(sign);
                else if (sign == '-')
                    SkipAfter();
                return;
            }

            ReadToken();
        }
    }

    private bool IsEnd(bool isBlock, out char sign)
    {
        sign = _source[_at] == '-' || (isBlock && _source[_at] == '+') ? _source[_at] : '\0';
        var at = sign == '\0' ? _at : _at + 1;
        return Peek(at) == (isBlock ? '%' : '}') && Peek(at + 1) == '}';
    }

    /// <summary>What a block's end takes of what follows.</summary>
    private void AfterBlock(char sign)
    {
        if (sign == '-')
        {
            SkipAfter();
        }
        else if (sign != '+' && Peek(_at) == '\n')
        {
            _at++;
            _line++;
            _lineStarts = true;
        }
    }

    private void SkipAfter()
    {
        var end = SkipSpace(_at);
        CountLines(_at, end);
        _lineStarts = end > _at && _source[end - 1] == '\n';
        _at = end;
    }

    private void ReadToken()
    {
        var character = _source[_at];
        if (char.IsAsciiDigit(character))
            ReadNumber();
        else if (char.IsLetter(character) || character == '_')
            ReadName();
        else if (character is '\'' or '"')
            ReadText(character);
        else
            ReadSign();
    }

    private void ReadName()
    {
        var start = _at;
        while (char.IsLetterOrDigit(Peek(_at)) || Peek(_at) == '_')
            _at++;
        Add(TokenKind.Name, _source[start.._at]);
    }

    private void ReadSign()
    {
        foreach (var (text, kind) in Signs)
        {
            if (!_source.AsSpan(_at).StartsWith(text, StringComparison.Ordinal))
                continue;
            Balance(text[0]);
            Add(kind, text);
            _at += text.Length;
            return;
        }

        throw Error($"unexpected char '{_source[_at]}'");
    }

    private void Balance(char bracket)
    {
        if (bracket is '(' or '[' or '{')
            _open.Push(bracket switch { '(' => ')', '[' => ']', _ => '}' });
        if (bracket is not (')' or ']' or '}'))
            return;
        if (!_open.TryPop(out var expected))
            throw Error($"unexpected '{bracket}'");
        if (expected != bracket)
            throw Error($"unexpected '{bracket}', expected '{expected}'");
    }

    private void ReadNumber()
    {
        var start = _at;
        if (_source[_at] == '0' && char.ToLowerInvariant(Peek(_at + 1)) is 'x' or 'o' or 'b' && char.IsAsciiHexDigit(Peek(_at + 2)))
        {
            _at += 2;
            while (char.IsAsciiHexDigit(Peek(_at)) || Peek(_at) == '_')
                _at++;
            Add(TokenKind.Integer, _source[start.._at]);
            return;
        }

        SkipDigits();
        var isFloat = false;
        if (Peek(_at) == '.' && char.IsAsciiDigit(Peek(_at + 1)) && Peek(start - 1) != '.')
        {
            isFloat = true;
            _at++;
            SkipDigits();
        }

        if (Peek(_at) is 'e' or 'E' && Peek(start - 1) != '.')
        {
            var digits = Peek(_at + 1) is '+' or '-' ? _at + 2 : _at + 1;
            if (char.IsAsciiDigit(Peek(digits)))
            {
                isFloat = true;
                _at = digits;
                SkipDigits();
            }
        }

        Add(isFloat ? TokenKind.Float : TokenKind.Integer, _source[start.._at].Replace("_", "", StringComparison.Ordinal));
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Peek(_at)) || (Peek(_at) == '_' && char.IsAsciiDigit(Peek(_at + 1))))
            _at++;
    }

    private void ReadText(char quote)
    {
        var start = _at + 1;
        var end = start;
        while (end < _source.Length && _source[end] != quote)
            end += _source[end] == '\\' ? 2 : 1;
        if (end >= _source.Length)
            throw Error($"unexpected char '{quote}'");
        Add(TokenKind.Text, Unescape(_source.AsSpan(start, end - start)));
        CountLines(_at, end);
        _at = end + 1;
    }

    /// <summary>As a Python string; what it does not know it leaves as it is, with its backslash.</summary>
    private string Unescape(ReadOnlySpan<char> text)
    {
        if (!text.Contains('\\'))
            return text.ToString();
        var unescaped = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                unescaped.Append(text[i]);
                continue;
            }

            var letter = text[++i];
            switch (letter)
            {
                case '\n':
                    break;
                case 'x' or 'u' or 'U':
                    var digits = letter switch { 'x' => 2, 'u' => 4, _ => 8 };
                    AppendPoint(unescaped, text[(i + 1)..], digits);
                    i += digits;
                    break;
                case 'N':
                    throw Error("named characters are not supported");
                case >= '0' and <= '7':
                    var length = 1;
                    while (length < 3 && i + length < text.Length && text[i + length] is >= '0' and <= '7')
                        length++;
                    unescaped.Append((char)Convert.ToInt32(text.Slice(i, length).ToString(), 8));
                    i += length - 1;
                    break;
                default:
                    AppendEscaped(unescaped, letter);
                    break;
            }
        }

        return unescaped.ToString();
    }

    private void AppendPoint(StringBuilder unescaped, ReadOnlySpan<char> text, int digits)
    {
        if (text.Length < digits
            || !int.TryParse(text[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var point)
            || point is < 0 or > 0x10FFFF)
        {
            throw Error("a hexadecimal escape is cut off or beyond Unicode");
        }

        _ = point < 0x10000 ? unescaped.Append((char)point) : unescaped.Append(char.ConvertFromUtf32(point));
    }

    private static void AppendEscaped(StringBuilder unescaped, char letter)
    {
        var known = letter switch
        {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'b' => '\b',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            '\\' or '\'' or '"' => letter,
            _ => '\0',
        };
        if (known == '\0')
            unescaped.Append('\\');
        unescaped.Append(known == '\0' ? letter : known);
    }

    private void Add(TokenKind kind, string text) => _tokens.Add(new(kind, text, _line));

    private void CountLines(int from, int to) => _line += _source.AsSpan(from, to - from).Count('\n');

    private int SkipSpace(int at)
    {
        while (at < _source.Length && IsSpace(_source[at]))
            at++;
        return at;
    }

    private static bool IsSpace(char character) => Operations.PythonText.IsSpace(character);

    private char Peek(int at) => at >= 0 && at < _source.Length ? _source[at] : '\0';

    private TemplateException Error(string message) => new(TemplateFailure.Syntax, message, _line);
}
