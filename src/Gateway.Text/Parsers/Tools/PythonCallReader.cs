using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>
/// Calls written as a list in Python: [get_weather(city="Paris"), now()]. Arguments are given by name, for nothing says what the first
/// or the second of a JSON object would be.
/// </summary>
internal sealed class PythonCallReader(CallWriter calls) : CallReader(calls)
{
    private readonly PythonLiteral _literal = new();
    private readonly TextBuffer _word = new();
    private readonly TextBuffer _json = new();
    private State _state;
    private string? _name;

    private enum State { List, Call, Name, FirstArgument, Argument, Key, Equals, Value, AfterValue, AfterCall }

    public override void Begin()
    {
        _state = State.List;
        _name = null;
        _json.Clear();
    }

    public override ReadProgress Read(ReadOnlySpan<char> text, out int consumed)
    {
        var progress = ReadProgress.More;
        for (consumed = 0; consumed < text.Length && progress == ReadProgress.More;)
        {
            progress = Step(text[consumed], out var taken);
            consumed += taken ? 1 : 0;
        }

        WriteJson();
        return progress;
    }

    public override void Cut(ReadOnlySpan<char> rest)
    {
        if (_state == State.Value)
            Calls.Arguments(_literal.PendingWord);
    }

    private ReadProgress Step(char character, out bool taken)
    {
        taken = true;
        if (_state == State.Value)
            return Value(character, out taken);
        if (_state is State.Name or State.Key && IsWord(character))
            return Letter(character, out taken);
        if (Space.Is(character))
            return Keep(character, _state is State.Key ? State.Equals : _state, allowed: _state != State.Name, out taken);
        switch (_state)
        {
            case State.List when character == '[':
                return Keep(character, State.Call);
            case State.Call or State.FirstArgument or State.Argument when IsWord(character):
                _word.Clear();
                return Letter(character, out taken, _state == State.Call ? State.Name : State.Key);
            case State.Name when character == '(':
                _name = _word.ToString();
                return Keep(character, State.FirstArgument);
            case State.Key or State.Equals when character == '=':
                return BeginValue();
            case State.AfterValue when character == ',':
                return Keep(character, State.Argument);
            case State.FirstArgument or State.Argument or State.AfterValue when character == ')':
                return CallEnds();
            case State.AfterCall when character == ',':
                return Keep(character, State.Call);
            // A comma may stand after the last call, as in any list of Python.
            case State.AfterCall when character == ']':
            case State.Call when character == ']' && _name is not null:
                Calls.Drop();
                return ReadProgress.Done;
            default:
                taken = false;
                return ReadProgress.Failed;
        }
    }

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character is '_' or '.' or '-';

    private ReadProgress Letter(char character, out bool taken, State? state = null)
    {
        taken = _word.Length < CallName.MaxLength;
        if (!taken)
            return ReadProgress.Failed;
        _word.Append(character);
        return Keep(character, state ?? _state);
    }

    private ReadProgress Keep(char character, State state)
    {
        Calls.Hold(character);
        _state = state;
        return ReadProgress.More;
    }

    private ReadProgress Keep(char character, State state, bool allowed, out bool taken)
    {
        taken = allowed;
        return allowed ? Keep(character, state) : ReadProgress.Failed;
    }

    private ReadProgress BeginValue()
    {
        var isFirst = !Calls.InCall;
        if (isFirst)
            Calls.Start(_name!);
        Calls.Drop();
        _json.Append(isFirst ? '{' : ',');
        JsonText.AppendString(_json, _word.Text);
        _json.Append(':');
        _literal.Begin();
        _state = State.Value;
        return ReadProgress.More;
    }

    private ReadProgress Value(char character, out bool taken)
    {
        var progress = _literal.Next(character, _json, out taken);
        if (progress == ReadProgress.Failed)
        {
            Calls.Hold(_literal.Unwritten);
            return progress;
        }

        if (progress == ReadProgress.Done)
            _state = State.AfterValue;
        return ReadProgress.More;
    }

    private ReadProgress CallEnds()
    {
        if (!Calls.InCall)
        {
            Calls.Start(_name!);
            _json.Append('{');
        }

        _json.Append('}');
        WriteJson();
        Calls.End(complete: true);
        Calls.Drop();
        _state = State.AfterCall;
        return ReadProgress.More;
    }

    private void WriteJson()
    {
        Calls.Arguments(_json.Text);
        _json.Clear();
    }
}
