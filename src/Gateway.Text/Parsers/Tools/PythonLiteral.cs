using System.Globalization;
using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>
/// Turns a value in Python's notation into JSON, a character at a time: strings in either quotes or in three of them, numbers, True, False
/// and None, lists, tuples and dictionaries inside each other.
/// </summary>
internal sealed class PythonLiteral
{
    private const int MaxDepth = 64;

    private readonly Stack<char> _open = new();
    private readonly TextBuffer _word = new();
    private State _state;
    private char _quote;
    private int _quotes;
    private bool _triple;
    private bool _isKey;
    private bool _expectsKey;
    private bool _mayClose;
    private bool _commaPending;
    private int _digitsLeft;
    private int _code;

    private enum State { Value, OpeningQuotes, String, Escape, Digits, Word, AfterValue, Colon }

    /// <summary>The word or number that was read and not yet written.</summary>
    public ReadOnlySpan<char> PendingWord => _state == State.Word ? _word.Text : default;

    /// <summary>What was read and not yet written, for a value that turned out to be none.</summary>
    public ReadOnlySpan<char> Unwritten => _state switch
    {
        State.Word or State.Digits => _word.Text,
        State.OpeningQuotes => new string(_quote, _quotes),
        _ => default,
    };

    public static bool TryConvert(ReadOnlySpan<char> text, TextBuffer output)
    {
        var literal = new PythonLiteral();
        literal.Begin();
        for (var i = 0; i < text.Length; i++)
        {
            switch (literal.Next(text[i], output, out var taken))
            {
                case ReadProgress.Failed:
                    return false;
                case ReadProgress.Done:
                    return taken && i == text.Length - 1;
            }
        }

        // Numbers and words end with what follows them.
        return literal.Next('\n', output, out _) == ReadProgress.Done;
    }

    public void Begin()
    {
        _open.Clear();
        _state = State.Value;
        _isKey = _expectsKey = _mayClose = _commaPending = false;
    }

    /// <summary>Takes the next character.</summary>
    /// <param name="taken">False if the value had ended before it, or cannot have it.</param>
    public ReadProgress Next(char character, TextBuffer output, out bool taken)
    {
        taken = true;
        switch (_state)
        {
            case State.Value:
                return Value(character, output, out taken);
            case State.OpeningQuotes:
                return OpeningQuotes(character, output, out taken);
            case State.String:
                return InString(character, output);
            case State.Escape:
                return Escape(character, output, out taken);
            case State.Digits:
                return Digit(character, output, out taken);
            case State.Word:
                return Word(character, output, out taken);
            case State.Colon:
                if (character == ':')
                {
                    output.Append(':');
                    _state = State.Value;
                    return ReadProgress.More;
                }

                taken = Space.Is(character);
                return taken ? ReadProgress.More : ReadProgress.Failed;
            default:
                return AfterValue(character, output, out taken);
        }
    }

    private ReadProgress Value(char character, TextBuffer output, out bool taken)
    {
        taken = true;
        if (Space.Is(character))
            return ReadProgress.More;
        if (_mayClose && Closes(character))
            return Close(output);
        _isKey = _expectsKey;
        if (_commaPending)
            output.Append(',');
        (_commaPending, _mayClose) = (false, false);
        switch (character)
        {
            case '"' or '\'':
                (_quote, _quotes, _triple, _state) = (character, 1, false, State.OpeningQuotes);
                return ReadProgress.More;
            case '[' or '(' or '{' when !_isKey && _open.Count < MaxDepth:
                _open.Push(character);
                output.Append(character == '{' ? '{' : '[');
                _expectsKey = character == '{';
                _mayClose = true;
                return ReadProgress.More;
            default:
                if (char.IsAsciiLetterOrDigit(character) || character is '-' or '+' or '.')
                {
                    _word.Clear();
                    _word.Append(character);
                    _state = State.Word;
                    return ReadProgress.More;
                }

                taken = false;
                return ReadProgress.Failed;
        }
    }

    private ReadProgress OpeningQuotes(char character, TextBuffer output, out bool taken)
    {
        taken = true;
        if (character == _quote)
        {
            _quotes++;
            if (_quotes < 3)
                return ReadProgress.More;
            (_triple, _quotes, _state) = (true, 0, State.String);
            output.Append('"');
            return ReadProgress.More;
        }

        output.Append('"');
        if (_quotes == 2)
        {
            output.Append('"');
            return Ended(character, output, out taken);
        }

        _quotes = 0;
        _state = State.String;
        return InString(character, output);
    }

    private ReadProgress InString(char character, TextBuffer output)
    {
        if (character == _quote)
        {
            _quotes++;
            if (_triple && _quotes < 3)
                return ReadProgress.More;
            output.Append('"');
            return EndedWith();
        }

        for (; _quotes > 0; _quotes--)
            JsonText.AppendEscaped(output, [_quote]);
        if (character == '\\')
            _state = State.Escape;
        else
            JsonText.AppendEscaped(output, [character]);
        return ReadProgress.More;
    }

    private ReadProgress Escape(char character, TextBuffer output, out bool taken)
    {
        taken = true;
        _state = State.String;
        switch (character)
        {
            case 'x' or 'u' or 'U':
                (_digitsLeft, _code) = (character == 'x' ? 2 : character == 'u' ? 4 : 8, 0);
                _state = State.Digits;
                _word.Clear();
                _word.Append(['\\', character]);
                return ReadProgress.More;
            case '\n':
                return ReadProgress.More;
            case 'n' or 't' or 'r' or 'b' or 'f' or 'a' or 'v' or '0' or '\\' or '\'' or '"':
                JsonText.AppendEscaped(output, [Unescape(character)]);
                return ReadProgress.More;
            default:
                // Python keeps a backslash that escapes nothing.
                JsonText.AppendEscaped(output, ['\\', character]);
                return ReadProgress.More;
        }
    }

    private static char Unescape(char character) => character switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\b',
        'f' => '\f',
        'a' => '\a',
        'v' => '\v',
        '0' => '\0',
        _ => character,
    };

    private ReadProgress Digit(char character, TextBuffer output, out bool taken)
    {
        taken = int.TryParse([character], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digit);
        if (!taken)
            return ReadProgress.Failed;
        _word.Append(character);
        _code = (_code << 4) | digit;
        if (--_digitsLeft > 0)
            return ReadProgress.More;
        _state = State.String;
        if (_code is >= 0 and <= 0xFFFF)
            JsonText.AppendEscaped(output, [(char)_code]);
        else if (_code is > 0 and <= 0x10FFFF)
            JsonText.AppendEscaped(output, char.ConvertFromUtf32(_code));
        else
            return ReadProgress.Failed;
        return ReadProgress.More;
    }

    private ReadProgress Word(char character, TextBuffer output, out bool taken)
    {
        taken = true;
        if (char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or '+' or '-')
        {
            _word.Append(character);
            return _word.Length <= 64 ? ReadProgress.More : ReadProgress.Failed;
        }

        taken = false;
        var json = WordAsJson(_word.Text);
        if (json is null)
            return ReadProgress.Failed;
        output.Append(_isKey ? $"\"{json}\"" : json);
        return Ended(character, output, out taken);
    }

    private static string? WordAsJson(ReadOnlySpan<char> word)
    {
        switch (word)
        {
            case "True" or "true":
                return "true";
            case "False" or "false":
                return "false";
            case "None" or "null":
                return "null";
        }

        var number = word.ToString().Replace("_", "", StringComparison.Ordinal).TrimStart('+');
        if (number is ['.', ..])
            number = "0" + number;
        if (number is [.., '.'])
            number += "0";
        return JsonText.KindOf(number) == System.Text.Json.JsonValueKind.Number ? number : null;
    }

    /// <summary>A value ended with the character before this one.</summary>
    private ReadProgress Ended(char character, TextBuffer output, out bool taken)
    {
        taken = false;
        if (EndedWith() == ReadProgress.Done)
            return ReadProgress.Done;
        return Next(character, output, out taken);
    }

    /// <summary>A value ended with this character.</summary>
    private ReadProgress EndedWith()
    {
        _state = _isKey ? State.Colon : State.AfterValue;
        _isKey = _expectsKey = _commaPending = false;
        return _open.Count == 0 ? ReadProgress.Done : ReadProgress.More;
    }

    private ReadProgress AfterValue(char character, TextBuffer output, out bool taken)
    {
        taken = true;
        if (Space.Is(character))
            return ReadProgress.More;
        if (Closes(character))
            return Close(output);
        if (character != ',')
        {
            taken = false;
            return ReadProgress.Failed;
        }

        // A comma before the closing bracket is Python's, not JSON's: it is written with the value that follows.
        _state = State.Value;
        _commaPending = _mayClose = true;
        _expectsKey = _open.Peek() == '{';
        return ReadProgress.More;
    }

    private bool Closes(char character) => _open.TryPeek(out var container) && character == container switch
    {
        '[' => ']',
        '(' => ')',
        _ => '}',
    };

    private ReadProgress Close(TextBuffer output)
    {
        output.Append(_open.Pop() == '{' ? '}' : ']');
        return EndedWith();
    }
}
