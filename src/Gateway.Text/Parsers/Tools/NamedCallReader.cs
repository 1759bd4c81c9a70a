using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>Reads what a <see cref="NamedCallShape"/> describes.</summary>
internal sealed class NamedCallReader : CallReader
{
    private static readonly MarkerSet _fenceEnd = new("```");

    private readonly NamedCallShape _shape;
    private readonly NameReader _nameReader;
    private readonly NameReader? _idReader;
    private readonly ArgumentsReader _arguments;
    private State _state;
    private string? _name;
    private string? _id;

    public NamedCallReader(CallWriter calls, NamedCallShape shape)
        : base(calls)
    {
        _shape = shape;
        _nameReader = new(calls, shape.NameEnds, consumesEnd: false);
        _idReader = shape.IdEnds is null ? null : new(calls, shape.IdEnds, consumesEnd: true);
        _arguments = new(calls);
    }

    private enum State { Lead, Name, Id, Fence, Arguments, FenceEnd }

    public override void Begin()
    {
        _state = _shape.Lead is null ? State.Name : State.Lead;
        (_name, _id) = (null, null);
        _nameReader.Begin();
        _arguments.Begin();
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
        if (_name is not null && _state is State.Fence or State.Arguments && !Calls.InCall)
            Calls.Start(_name!, _id);
    }

    private ReadProgress Step(ReadOnlySpan<char> text, out int taken)
    {
        taken = 0;
        switch (_state)
        {
            case State.Lead:
                return SkipTo(text, _shape.Lead!, State.Name, optional: false, out taken);
            case State.Name:
                return ReadName(text, out taken);
            case State.Id:
                return ReadId(text, out taken);
            case State.Fence when _shape.Fence is not null:
                return SkipTo(text, _shape.Fence, State.Arguments, optional: true, out taken);
            case State.Fence:
                _state = State.Arguments;
                return ReadProgress.More;
            case State.Arguments:
                return ReadArguments(text, out taken);
            default:
                return ReadFenceEnd(text, out taken);
        }
    }

    private ReadProgress SkipTo(ReadOnlySpan<char> text, MarkerSet marker, State next, bool optional, out int taken)
    {
        taken = Space.Leading(text);
        if (taken > 0)
        {
            Calls.Hold(text[..taken]);
            return ReadProgress.More;
        }

        var found = marker.At(text);
        if (found == MarkerSet.Undecided)
            return ReadProgress.More;
        if (found == MarkerSet.NotHere && !optional)
            return ReadProgress.Failed;
        if (found >= 0)
        {
            taken = marker[found].Length;
            Calls.Hold(marker[found]);
        }

        _state = next;
        return ReadProgress.More;
    }

    private ReadProgress ReadName(ReadOnlySpan<char> text, out int taken)
    {
        var progress = _nameReader.Read(text, out taken, out var end);
        if (progress != ReadProgress.Done)
            return progress;
        (_name, _id) = _shape.NameIsId ? KimiId.Parse(_nameReader.Name) : (_nameReader.Name.ToString(), null);
        var marker = _shape.NameEnds[end];
        if (marker != "{")
        {
            Calls.Hold(marker);
            taken += marker.Length;
        }

        _state = marker == _shape.IdBegins ? State.Id : State.Fence;
        _idReader?.Begin();
        return ReadProgress.More;
    }

    private ReadProgress ReadId(ReadOnlySpan<char> text, out int taken)
    {
        var progress = _idReader!.Read(text, out taken, out _);
        if (progress != ReadProgress.Done)
            return progress;
        _id = _idReader.Name.ToString();
        _state = State.Fence;
        return ReadProgress.More;
    }

    private ReadProgress ReadArguments(ReadOnlySpan<char> text, out int taken)
    {
        var progress = _arguments.Read(text, _name!, _id, out taken);
        if (progress != ReadProgress.Done)
            return progress;
        Calls.End(complete: true);
        Calls.Drop();
        _state = State.FenceEnd;
        return _shape.Fence is null ? ReadProgress.Done : ReadProgress.More;
    }

    private static ReadProgress ReadFenceEnd(ReadOnlySpan<char> text, out int taken)
    {
        taken = Space.Leading(text);
        if (taken > 0)
            return ReadProgress.More;
        var found = _fenceEnd.At(text);
        if (found == MarkerSet.Undecided)
            return ReadProgress.More;
        taken = found >= 0 ? _fenceEnd[found].Length : 0;
        return ReadProgress.Done;
    }
}
