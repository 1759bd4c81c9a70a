using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>
/// Reads a call's arguments where a dialect has them as JSON, and passes them on as they come. The call is announced when they have begun
/// as arguments do: with an object, an object written inside a string, or null.
/// </summary>
internal sealed class ArgumentsReader(CallWriter calls)
{
    private readonly JsonValueReader _value = new(calls);
    private readonly TextBuffer _pending = new();
    private readonly TextBuffer _decoded = new();
    private JsonStringDecoder _string;
    private State _state;

    private enum State { Opening, Brace, Object, FirstOfString, String, Null }

    /// <summary>Whether a whole JSON value begins as arguments do.</summary>
    public static bool Accepts(ReadOnlySpan<char> value) => value switch
    {
        "null" => true,
        ['"', '"' or '{', ..] => true,
        ['{', .. var rest] => Space.TrimStart(rest) is ['"' or '}', ..],
        _ => false,
    };

    public void Begin()
    {
        _state = State.Opening;
        _pending.Clear();
    }

    /// <param name="name">The call's name, for when it is announced.</param>
    /// <param name="id">As the model wrote it, or null.</param>
    public ReadProgress Read(ReadOnlySpan<char> text, string name, string? id, out int consumed)
    {
        for (consumed = 0; consumed < text.Length;)
        {
            if (_state == State.Object)
            {
                var progress = _value.Read(text[consumed..], emit: true, out var taken);
                consumed += taken;
                return progress;
            }

            if (_state == State.String)
                return ReadString(text, ref consumed);
            var (result, take) = Open(text[consumed], name, id);
            consumed += take ? 1 : 0;
            if (result != ReadProgress.More)
                return result;
        }

        return ReadProgress.More;
    }

    private (ReadProgress Progress, bool Consumes) Open(char character, string name, string? id)
    {
        switch (_state)
        {
            case State.Opening when Space.Is(character):
                return Keep(character, State.Opening);
            case State.Opening when character == '{':
                _pending.Append(character);
                return Keep(character, State.Brace);
            case State.Opening when character == '"':
                _string = default;
                return Keep(character, State.FirstOfString);
            case State.Opening when character == 'n':
                _pending.Append(character);
                return Keep(character, State.Null);
            case State.Brace when Space.Is(character):
                _pending.Append(character);
                return Keep(character, State.Brace);
            case State.Brace when character is '"' or '}':
                // The character itself is read as part of the object, whose brace was seen before.
                calls.Start(name, id);
                _value.Begin();
                _value.Read(_pending.Text, emit: true, out _);
                _state = State.Object;
                return (ReadProgress.More, false);
            case State.FirstOfString when character == '"':
                calls.Start(name, id);
                calls.Arguments("{}");
                return (ReadProgress.Done, true);
            case State.FirstOfString when character == '{':
                calls.Start(name, id);
                _state = State.String;
                return (ReadProgress.More, false);
            case State.Null when _pending.Length < 4 && character == "null"[_pending.Length]:
                _pending.Append(character);
                if (_pending.Length < 4)
                    return Keep(character, State.Null);
                calls.Start(name, id);
                calls.Arguments("{}");
                return (ReadProgress.Done, true);
            default:
                return (ReadProgress.Failed, false);
        }
    }

    private (ReadProgress Progress, bool Consumes) Keep(char character, State state)
    {
        calls.Hold(character);
        _state = state;
        return (ReadProgress.More, true);
    }

    private ReadProgress ReadString(ReadOnlySpan<char> text, ref int consumed)
    {
        _decoded.Clear();
        var progress = ReadProgress.More;
        while (consumed < text.Length && progress == ReadProgress.More)
        {
            switch (_string.Next(text[consumed], out var decoded))
            {
                case JsonStringDecoder.Result.Character:
                    _decoded.Append(decoded);
                    calls.Drop();
                    break;
                case JsonStringDecoder.Result.Nothing:
                    // Half an escape is not lost if the other half is none.
                    calls.Hold(text[consumed]);
                    break;
                case JsonStringDecoder.Result.Closed:
                    progress = ReadProgress.Done;
                    break;
                case JsonStringDecoder.Result.Invalid:
                    progress = ReadProgress.Failed;
                    continue;
            }

            consumed++;
        }

        calls.Arguments(_decoded.Text);
        return progress;
    }
}
