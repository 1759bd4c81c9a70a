using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>
/// Reads what a <see cref="TaggedCallShape"/> describes, and writes the arguments' JSON. A string is passed on while it comes; other values
/// when they are whole.
/// </summary>
internal sealed class TaggedCallReader : CallReader
{
    private readonly TaggedCallShape _shape;
    private readonly ParameterTypes _types;
    private readonly NameReader _nameReader;
    private readonly MarkerSet _parameterOrEnd;
    private readonly MarkerSet _keyEnds;
    private readonly MarkerSet? _valueBegins;
    private readonly MarkerSet _valueEnds;
    private readonly ArgumentsReader _jsonBody;
    private readonly TextBuffer _key = new();
    private readonly TextBuffer _value = new();
    private readonly TextBuffer _json = new();
    private State _state;
    private string? _name;
    private JsonKinds _kinds;
    private bool _isFirst;
    private bool _valueBegun;
    private bool _newlineHeld;

    public TaggedCallReader(CallWriter calls, TaggedCallShape shape, ParameterTypes types)
        : base(calls)
    {
        _shape = shape;
        _types = types;
        _nameReader = new(calls, shape.NameEnds, shape.ConsumesNameEnd);
        _parameterOrEnd = shape.ParameterOrEnd;
        _keyEnds = shape.KeyEndMarkers;
        _valueBegins = shape.ValueBeginMarker;
        _valueEnds = shape.ValueEndMarkers;
        _jsonBody = new(calls);
    }

    private enum State { Name, Parameters, Key, ValueBegins, StringValue, OtherValue, JsonBody, AfterJsonBody }

    public override bool IsWhole => _state == State.AfterJsonBody;

    public override void Begin()
    {
        _state = State.Name;
        _name = null;
        _isFirst = true;
        _nameReader.Begin();
        _jsonBody.Begin();
    }

    public override ReadProgress Read(ReadOnlySpan<char> text, out int consumed)
    {
        for (consumed = 0; consumed < text.Length;)
        {
            var before = (_state, consumed);
            var progress = Step(text[consumed..], out var taken);
            consumed += taken;
            if (progress != ReadProgress.More)
                return progress;
            if ((_state, consumed) == before)
                break;
        }

        return ReadProgress.More;
    }

    public override void Cut(ReadOnlySpan<char> rest)
    {
        if (_name is null)
            return;
        if (!Calls.InCall)
            Calls.Start(_name);
        if (_state == State.OtherValue)
        {
            WriteKey();
            Calls.Arguments(_value.Text);
        }
    }

    private ReadProgress Step(ReadOnlySpan<char> text, out int taken) => _state switch
    {
        State.Name => ReadName(text, out taken),
        State.Parameters or State.AfterJsonBody => ReadParameterOrEnd(text, out taken),
        State.Key => ReadKey(text, out taken),
        State.ValueBegins => ReadValueBegin(text, out taken),
        State.JsonBody => ReadJsonBody(text, out taken),
        _ => ReadValue(text, out taken),
    };

    private ReadProgress ReadName(ReadOnlySpan<char> text, out int taken)
    {
        var progress = _nameReader.Read(text, out taken, out _);
        if (progress != ReadProgress.Done)
            return progress;
        _name = _nameReader.Name.ToString();
        _state = State.Parameters;
        return ReadProgress.More;
    }

    private ReadProgress ReadParameterOrEnd(ReadOnlySpan<char> text, out int taken)
    {
        taken = Space.Leading(text);
        if (taken > 0)
        {
            Calls.Hold(text[..taken]);
            return ReadProgress.More;
        }

        if (text[0] == '{' && _shape.AllowsJsonBody && !Calls.InCall)
        {
            _state = State.JsonBody;
            return ReadProgress.More;
        }

        var found = _parameterOrEnd.At(text);
        if (found == MarkerSet.Undecided)
            return ReadProgress.More;
        if (found == MarkerSet.NotHere || (found == 0 && _state == State.AfterJsonBody))
            return ReadProgress.Failed;
        taken = _parameterOrEnd[found].Length;
        if (!Calls.InCall)
            Calls.Start(_name!);
        if (found == 0)
        {
            // The space before it is settled; the tag is not before its key is.
            Calls.Drop();
            Calls.Hold(_parameterOrEnd[found]);
            _key.Clear();
            _state = State.Key;
            return ReadProgress.More;
        }

        if (_state == State.Parameters)
            Calls.Arguments(_isFirst ? "{}" : "}");
        Calls.End(complete: true);
        Calls.Drop();
        return ReadProgress.Done;
    }

    private ReadProgress ReadKey(ReadOnlySpan<char> text, out int taken)
    {
        for (taken = 0; taken < text.Length; taken++)
        {
            var end = _keyEnds.At(text[taken..]);
            if (end == MarkerSet.Undecided)
                return ReadProgress.More;
            if (end >= 0)
                return KeyEnds(end, ref taken);
            if (text[taken] is '<' or '"' or '\n' || _key.Length == CallName.MaxLength)
                return ReadProgress.Failed;
            _key.Append(text[taken]);
            Calls.Hold(text[taken]);
        }

        return ReadProgress.More;
    }

    private ReadProgress KeyEnds(int end, ref int taken)
    {
        if (Space.Trim(_key.Text).IsEmpty)
            return ReadProgress.Failed;
        taken += _keyEnds[end].Length;
        Calls.Hold(_keyEnds[end]);
        _kinds = _shape.KeyEnds[end].Value switch
        {
            ValueText.String => JsonKinds.String,
            ValueText.Json => JsonKinds.NotString,
            _ => _types.Of(_name!, Space.Trim(_key.Text)),
        };
        _state = State.ValueBegins;
        if (_valueBegins is null)
            BeginValue();
        return ReadProgress.More;
    }

    private ReadProgress ReadValueBegin(ReadOnlySpan<char> text, out int taken)
    {
        taken = Space.Leading(text);
        if (taken > 0)
        {
            Calls.Hold(text[..taken]);
            return ReadProgress.More;
        }

        var found = _valueBegins!.At(text);
        if (found == MarkerSet.Undecided)
            return ReadProgress.More;
        if (found == MarkerSet.NotHere)
            return ReadProgress.Failed;
        taken = _valueBegins[found].Length;
        BeginValue();
        return ReadProgress.More;
    }

    private void BeginValue()
    {
        Calls.Drop();
        _value.Clear();
        _valueBegun = _newlineHeld = false;
        _state = _kinds == JsonKinds.String ? State.StringValue : State.OtherValue;
        if (_state == State.StringValue)
        {
            WriteKey();
            Calls.Arguments("\"");
        }
    }

    private void WriteKey()
    {
        _json.Clear();
        _json.Append(_isFirst ? '{' : ',');
        JsonText.AppendString(_json, Space.Trim(_key.Text));
        _json.Append(':');
        Calls.Arguments(_json.Text);
        _isFirst = false;
    }

    private ReadProgress ReadValue(ReadOnlySpan<char> text, out int taken)
    {
        var end = _valueEnds.Find(text, out taken);
        AddToValue(text[..taken]);
        if (end < 0)
            return ReadProgress.More;
        // The first is the value's own end, the others begin what follows.
        if (end == 0)
            taken += _valueEnds[end].Length;
        ValueEnds();
        return ReadProgress.More;
    }

    private void AddToValue(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;
        if (_shape.NewlineAroundValue)
        {
            var begins = !_valueBegun;
            _valueBegun = true;
            if (begins && text[0] == '\n')
                text = text[1..];
            if (text.IsEmpty)
                return;
            if (_newlineHeld)
                Add("\n");
            _newlineHeld = text[^1] == '\n';
            if (_newlineHeld)
                text = text[..^1];
        }

        Add(text);
    }

    private void Add(ReadOnlySpan<char> text)
    {
        if (_state == State.OtherValue)
        {
            _value.Append(text);
            return;
        }

        _json.Clear();
        JsonText.AppendEscaped(_json, text);
        Calls.Arguments(_json.Text);
    }

    private void ValueEnds()
    {
        if (_state == State.StringValue)
        {
            Calls.Arguments("\"");
        }
        else
        {
            WriteKey();
            _json.Clear();
            JsonValueText.Append(_json, _value.Text, _kinds);
            Calls.Arguments(_json.Text);
        }

        _state = State.Parameters;
    }

    private ReadProgress ReadJsonBody(ReadOnlySpan<char> text, out int taken)
    {
        var progress = _jsonBody.Read(text, _name!, id: null, out taken);
        if (progress != ReadProgress.Done)
            return progress;
        _state = State.AfterJsonBody;
        return ReadProgress.More;
    }
}
