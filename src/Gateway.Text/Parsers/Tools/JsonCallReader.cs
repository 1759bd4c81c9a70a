using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>How strict a dialect is about what is a call in JSON.</summary>
internal enum JsonCallRules
{
    /// <summary>A marker said that a call comes: without arguments it is a call without arguments, and other members do not matter.</summary>
    Marked,

    /// <summary>Any JSON in the answer may be meant: only an object that begins like a call, with a name and arguments, is one.</summary>
    Unmarked,
}

/// <summary>
/// Calls as JSON: an object with a name and arguments, or an array of such objects. The members come in any order and by the names that
/// models use, also inside a "function" object as OpenAI's API writes them.
/// </summary>
/// <param name="keepsIds">Whether ids that the model writes are the calls' ids.</param>
internal sealed class JsonCallReader(CallWriter calls, JsonCallRules rules, bool keepsIds = true) : CallReader(calls)
{
    private readonly ArgumentsReader _arguments = new(calls);
    private readonly JsonValueReader _value = new(calls);
    private readonly TextBuffer _word = new();
    private readonly TextBuffer _earlyArguments = new();
    private JsonStringDecoder _string;
    private State _state;
    private Member _member;
    private string? _name;
    private string? _id;
    private bool _inArray;
    private bool _nested;
    private bool _argumentsDone;
    private bool _hasOtherMembers;

    private enum State
    {
        Outside,
        ArrayItem,
        ArrayNext,
        KeyOrEnd,
        Key,
        Colon,
        ValueStart,
        Word,
        Skipped,
        EarlyArguments,
        Arguments,
        AfterValue,
    }

    private enum Member { Other, Name, Id, Arguments, Function, Type }

    public override bool IsWhole => _argumentsDone;

    public override void Begin()
    {
        _state = State.Outside;
        _inArray = false;
        BeginObject();
    }

    public override ReadProgress Read(ReadOnlySpan<char> text, out int consumed)
    {
        for (consumed = 0; consumed < text.Length;)
        {
            var rest = text[consumed..];
            var progress = _state switch
            {
                State.Arguments => ReadArguments(rest, out var taken).Takes(taken, ref consumed),
                State.Skipped => _value.Read(rest, emit: false, out var taken).Takes(taken, ref consumed),
                State.EarlyArguments => ReadEarlyArguments(rest, out var taken).Takes(taken, ref consumed),
                _ => Step(rest[0], out var taken).Takes(taken, ref consumed),
            };
            if (progress == ReadProgress.Failed)
                return progress;
            if (progress == ReadProgress.More)
                continue;
            if (_state is not (State.Arguments or State.Skipped or State.EarlyArguments))
                return progress;
            _state = State.AfterValue;
        }

        return ReadProgress.More;
    }

    public override void Cut(ReadOnlySpan<char> rest)
    {
        if (!Calls.InCall && _name is not null && rules == JsonCallRules.Marked && !_hasOtherMembers)
            Calls.Start(_name, _id);
    }

    private void BeginObject()
    {
        (_name, _id) = (null, null);
        _nested = _argumentsDone = _hasOtherMembers = false;
        _earlyArguments.Clear();
    }

    private ReadProgress ReadArguments(ReadOnlySpan<char> text, out int consumed)
    {
        var progress = _arguments.Read(text, _name!, _id, out consumed);
        _argumentsDone = progress == ReadProgress.Done;
        return progress;
    }

    private ReadProgress ReadEarlyArguments(ReadOnlySpan<char> text, out int consumed)
    {
        var progress = _value.Read(text, emit: false, out consumed);
        _earlyArguments.Append(text[..consumed]);
        return progress;
    }

    private ReadProgress Step(char character, out int taken)
    {
        taken = 1;
        if (_state is State.Key or State.Word)
            return InString(character, out taken);
        if (Space.Is(character))
            return Keep(character, _state);
        switch (_state)
        {
            case State.Outside when character == '[':
                _inArray = true;
                return Keep(character, State.ArrayItem);
            case State.Outside or State.ArrayItem when character == '{':
                BeginObject();
                return Keep(character, State.KeyOrEnd);
            case State.ArrayNext when character == ',':
                return Keep(character, State.ArrayItem);
            case State.ArrayNext when character == ']':
                return ReadProgress.Done;
            case State.KeyOrEnd when character == '"':
                BeginString();
                return Keep(character, State.Key);
            case State.KeyOrEnd or State.AfterValue when character == '}':
                return ObjectEnds(character, out taken);
            case State.Colon when character == ':':
                return Keep(character, State.ValueStart);
            case State.AfterValue when character == ',':
                return Keep(character, State.KeyOrEnd);
            case State.ValueStart:
                return ValueBegins(character, out taken);
            case State.AfterValue when _argumentsDone && Calls.InCall && rules == JsonCallRules.Marked:
                // The closing brace is missing; the call is whole nonetheless.
                taken = 0;
                return CallEnds();
            default:
                taken = 0;
                return ReadProgress.Failed;
        }
    }

    private ReadProgress Keep(char character, State state)
    {
        Calls.Hold(character);
        _state = state;
        return ReadProgress.More;
    }

    private void BeginString()
    {
        _word.Clear();
        _string = default;
    }

    private ReadProgress InString(char character, out int taken)
    {
        taken = 0;
        // No key and no name runs over lines: its closing quote is missing.
        if (char.IsControl(character))
            return ReadProgress.Failed;
        switch (_string.Next(character, out var decoded))
        {
            case JsonStringDecoder.Result.Invalid:
                return ReadProgress.Failed;
            case JsonStringDecoder.Result.Character when _state == State.Word && _member == Member.Name && !CallName.Allows(decoded):
                return ReadProgress.Failed;
            case JsonStringDecoder.Result.Character:
                _word.Append(decoded);
                break;
            case JsonStringDecoder.Result.Closed:
                return _state == State.Key ? KeyEnds(character, out taken) : WordEnds(character, out taken);
        }

        taken = 1;
        return Keep(character, _state);
    }

    private ReadProgress KeyEnds(char character, out int taken)
    {
        _member = _word.Text switch
        {
            _ when Calls.InCall => Member.Other,
            "name" or "tool_name" => Member.Name,
            "arguments" or "parameters" => Member.Arguments,
            "id" or "tool_call_id" => Member.Id,
            "function" when !_nested => Member.Function,
            "type" => Member.Type,
            _ => Member.Other,
        };
        taken = 0;
        if (_member == Member.Other && rules == JsonCallRules.Unmarked && !Calls.InCall)
            return ReadProgress.Failed;
        taken = 1;
        _hasOtherMembers |= _member == Member.Other;
        return Keep(character, State.Colon);
    }

    private ReadProgress WordEnds(char character, out int taken)
    {
        taken = 1;
        Keep(character, State.AfterValue);
        if (_member == Member.Id)
        {
            _id = _word.IsEmpty || !keepsIds ? null : _word.ToString();
            return ReadProgress.More;
        }

        if (!CallName.IsValid(_word.Text))
            return ReadProgress.Failed;
        _name = _word.ToString();
        return _earlyArguments.IsEmpty ? ReadProgress.More : WriteEarlyArguments();
    }

    private ReadProgress WriteEarlyArguments()
    {
        if (!ArgumentsReader.Accepts(_earlyArguments.Text))
            return ReadProgress.Failed;
        _arguments.Begin();
        var progress = _arguments.Read(_earlyArguments.Text, _name!, _id, out _);
        _argumentsDone = progress == ReadProgress.Done;
        return progress == ReadProgress.Done ? ReadProgress.More : ReadProgress.Failed;
    }

    private ReadProgress ValueBegins(char character, out int taken)
    {
        taken = 0;
        switch (_member)
        {
            case Member.Name or Member.Function or Member.Id when character == '"':
                taken = 1;
                if (_member == Member.Function)
                    _member = Member.Name;
                BeginString();
                return Keep(character, State.Word);
            case Member.Name:
                return ReadProgress.Failed;
            case Member.Function when character == '{':
                taken = 1;
                _nested = true;
                return Keep(character, State.KeyOrEnd);
            case Member.Arguments when _name is not null:
                _arguments.Begin();
                _state = State.Arguments;
                return ReadProgress.More;
            case Member.Arguments:
                _earlyArguments.Clear();
                _value.Begin();
                _state = State.EarlyArguments;
                return ReadProgress.More;
            default:
                _value.Begin();
                _state = State.Skipped;
                return ReadProgress.More;
        }
    }

    private ReadProgress ObjectEnds(char character, out int taken)
    {
        taken = 1;
        if (_nested)
        {
            _nested = false;
            return Keep(character, State.AfterValue);
        }

        if (!Calls.InCall)
        {
            // A name and something that is not called arguments is no call without arguments.
            if (_name is null || _hasOtherMembers || rules == JsonCallRules.Unmarked)
            {
                taken = 0;
                return ReadProgress.Failed;
            }

            Calls.Start(_name, _id);
            Calls.Arguments("{}");
        }

        return CallEnds();
    }

    private ReadProgress CallEnds()
    {
        Calls.End(complete: true);
        Calls.Drop();
        _argumentsDone = false;
        _name = null;
        _state = State.ArrayNext;
        return _inArray ? ReadProgress.More : ReadProgress.Done;
    }
}
