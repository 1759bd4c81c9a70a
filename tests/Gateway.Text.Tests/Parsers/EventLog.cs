using Gateway.Text.Parsers;

namespace Gateway.Text.Tests.Parsers;

/// <summary>
/// Writes down what a parser says, a line for each thing: pieces of the same thing are one line, so that two logs are equal exactly if a
/// client could not tell the answers apart but by when the pieces came.
/// </summary>
internal sealed class EventLog : IOutputSink
{
    private readonly List<string> _lines = [];
    private bool _inCall;

    public IReadOnlyList<string> Lines => _lines;

    public List<string> Ids { get; } = [];

    public void Reasoning(ReadOnlySpan<char> text) => Add("reasoning: ", text);

    public void Content(ReadOnlySpan<char> text) => Add("content: ", text);

    public void ToolCallStarted(int index, string id, string name)
    {
        Assert.False(_inCall, "a call began inside another");
        Assert.Equal(Ids.Count, index);
        _inCall = true;
        Ids.Add(id);
        _lines.Add($"call {name} ");
    }

    public void ToolArguments(int index, ReadOnlySpan<char> json)
    {
        Assert.True(_inCall, "arguments came outside a call");
        Assert.Equal(Ids.Count - 1, index);
        _lines[^1] += json.ToString();
    }

    public void ToolCallEnded(int index, bool complete)
    {
        Assert.True(_inCall, "a call ended twice");
        Assert.Equal(Ids.Count - 1, index);
        _inCall = false;
        if (!complete)
            _lines[^1] = "cut " + _lines[^1];
    }

    private void Add(string kind, ReadOnlySpan<char> text)
    {
        Assert.False(_inCall, "text came inside a call");
        Assert.False(text.IsEmpty, "an empty piece");
        if (_lines.Count > 0 && _lines[^1].StartsWith(kind, StringComparison.Ordinal))
            _lines[^1] += text.ToString();
        else
            _lines.Add(kind + text.ToString());
    }
}
