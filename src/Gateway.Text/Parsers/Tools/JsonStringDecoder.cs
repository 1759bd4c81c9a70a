using System.Globalization;

namespace Gateway.Text.Parsers.Tools;

/// <summary>Takes the inside of a JSON string a character at a time, and says what character it stands for.</summary>
internal struct JsonStringDecoder
{
    private bool _escape;
    private int _digitsLeft;
    private int _code;

    /// <summary>Takes the next character.</summary>
    /// <param name="decoded">What it stands for, if the answer is <see cref="Result.Character"/>.</param>
    public Result Next(char character, out char decoded)
    {
        decoded = character;
        if (_digitsLeft > 0)
            return NextDigit(character, out decoded);
        if (_escape)
        {
            _escape = false;
            if (character == 'u')
            {
                (_digitsLeft, _code) = (4, 0);
                return Result.Nothing;
            }

            decoded = Unescape(character);
            return decoded == '\0' ? Result.Invalid : Result.Character;
        }

        switch (character)
        {
            case '"':
                return Result.Closed;
            case '\\':
                _escape = true;
                return Result.Nothing;
            default:
                return Result.Character;
        }
    }

    private Result NextDigit(char character, out char decoded)
    {
        decoded = default;
        if (!int.TryParse([character], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var digit))
            return Result.Invalid;
        _code = (_code << 4) | digit;
        _digitsLeft--;
        decoded = (char)_code;
        return _digitsLeft == 0 ? Result.Character : Result.Nothing;
    }

    private static char Unescape(char character) => character switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\b',
        'f' => '\f',
        '"' or '\\' or '/' => character,
        _ => '\0',
    };

    internal enum Result
    {
        /// <summary>It is part of an escape.</summary>
        Nothing,
        Character,
        Closed,
        Invalid,
    }
}
