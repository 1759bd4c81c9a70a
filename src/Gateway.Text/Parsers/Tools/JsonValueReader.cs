using System.Buffers;
using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>
/// Follows one JSON value to its end without building it: strings, escapes and brackets are kept track of, so that nothing inside a string
/// is taken for the end. It is lenient otherwise; what a model gets wrong inside its arguments is for the client to see, except control
/// characters in strings, which are escaped on the way.
/// </summary>
internal sealed class JsonValueReader(CallWriter calls)
{
    /// <summary>As deep as System.Text.Json reads by default.</summary>
    private const int MaxDepth = 64;

    private static readonly SearchValues<char> _stringStops =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(static code => (char)code), '"', '\\']);

    private readonly TextBuffer _escapes = new();
    private ulong _objects;
    private int _depth;
    private bool _inString;
    private bool _afterBackslash;
    private bool _begun;
    private bool _scalar;

    public void Begin()
    {
        (_objects, _depth) = (0, 0);
        _inString = _afterBackslash = _begun = _scalar = false;
    }

    /// <summary>Follows the value.</summary>
    /// <param name="emit">Whether it is the open call's arguments, or only held.</param>
    /// <param name="consumed">Up to and with the value's last character.</param>
    public ReadProgress Read(ReadOnlySpan<char> text, bool emit, out int consumed)
    {
        var progress = ReadProgress.More;
        var written = 0;
        for (consumed = 0; consumed < text.Length && progress == ReadProgress.More;)
        {
            if (!_inString)
            {
                progress = Structure(text[consumed], out var taken);
                consumed += taken ? 1 : 0;
                continue;
            }

            if (_afterBackslash)
            {
                _afterBackslash = false;
                consumed++;
                continue;
            }

            var next = text[consumed..].IndexOfAny(_stringStops);
            consumed = next < 0 ? text.Length : consumed + next;
            if (next < 0)
                break;
            var character = text[consumed++];
            _afterBackslash = character == '\\';
            if (character == '"')
                progress = StringEnded();
            else if (!_afterBackslash && emit)
                written = WriteEscaped(text, written, consumed);
        }

        if (emit)
            calls.Arguments(text[written..consumed]);
        else
            calls.Hold(text[..consumed]);
        return progress;
    }

    private int WriteEscaped(ReadOnlySpan<char> text, int written, int consumed)
    {
        calls.Arguments(text[written..(consumed - 1)]);
        _escapes.Clear();
        JsonText.AppendEscaped(_escapes, text.Slice(consumed - 1, 1));
        calls.Arguments(_escapes.Text);
        return consumed;
    }

    private ReadProgress StringEnded()
    {
        _inString = false;
        return _depth == 0 ? ReadProgress.Done : ReadProgress.More;
    }

    private ReadProgress Structure(char character, out bool taken)
    {
        taken = true;
        if (_scalar && (character is ',' or '}' or ']' || Space.Is(character)))
        {
            taken = false;
            return ReadProgress.Done;
        }

        switch (character)
        {
            case '"' when !_scalar:
                _begun = _inString = true;
                return ReadProgress.More;
            case '{' or '[' when !_scalar && _depth < MaxDepth:
                _begun = true;
                _objects = character == '{' ? _objects | (1UL << _depth) : _objects & ~(1UL << _depth);
                _depth++;
                return ReadProgress.More;
            case '}' or ']' when _depth > 0 && (character == '}') == ((_objects >> (_depth - 1) & 1) == 1):
                _depth--;
                return _depth == 0 ? ReadProgress.Done : ReadProgress.More;
            case ',' or ':' when _depth > 0:
                return ReadProgress.More;
            default:
                if (Space.Is(character) && (_depth > 0 || !_begun))
                    return ReadProgress.More;
                if (char.IsAsciiLetterOrDigit(character) || character is '-' or '+' or '.')
                {
                    _scalar |= _depth == 0;
                    _begun = true;
                    return ReadProgress.More;
                }

                taken = false;
                return ReadProgress.Failed;
        }
    }
}
