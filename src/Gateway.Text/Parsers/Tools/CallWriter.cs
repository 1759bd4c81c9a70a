using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>
/// What a reader of calls has read and not yet accounted for, and the call that is open. Text that turns out to be no call is still here,
/// and becomes content.
/// </summary>
internal sealed class CallWriter(IOutputSink sink, CallIds ids)
{
    private readonly TextBuffer _unsettled = new();
    private int _index = -1;

    /// <summary>A call was announced and has not ended.</summary>
    public bool InCall { get; private set; }

    /// <summary>How many calls ended whole.</summary>
    public int Completed { get; private set; }

    public ReadOnlySpan<char> Unsettled => _unsettled.Text;

    public void Hold(ReadOnlySpan<char> text) => _unsettled.Append(text);

    public void Hold(char character) => _unsettled.Append(character);

    public void Drop() => _unsettled.Clear();

    /// <summary>Announces a call. What was held so far was its beginning, and is settled.</summary>
    /// <param name="id">As the model wrote it; null to make one.</param>
    public void Start(string name, string? id = null)
    {
        _index++;
        InCall = true;
        _unsettled.Clear();
        sink.ToolCallStarted(_index, id ?? ids.Next(name, _index), name);
    }

    public void Arguments(ReadOnlySpan<char> json)
    {
        if (!json.IsEmpty)
            sink.ToolArguments(_index, json);
    }

    /// <summary>Ends the open call. What is held stays held: at a regular end the reader drops it, for it was the call's.</summary>
    public void End(bool complete)
    {
        InCall = false;
        Completed += complete ? 1 : 0;
        sink.ToolCallEnded(_index, complete);
    }

    /// <summary>What is held was text after all.</summary>
    public void ReleaseAsContent() => ReleaseAsContent(_unsettled.Text);

    /// <summary>What is held was text after all, except for the space after a call.</summary>
    public void ReleaseAsContentAfterCall() => ReleaseAsContent(Space.TrimStart(_unsettled.Text));

    private void ReleaseAsContent(ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty)
            sink.Content(text);
        _unsettled.Clear();
    }
}
