using System.Text;

namespace Gateway.Text.Parsers;

/// <summary>Adds the pieces up, for an answer that is not streamed.</summary>
public sealed class MessageCollector : IOutputSink
{
    private readonly StringBuilder _reasoning = new();
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _arguments = new();
    private readonly List<ParsedToolCall> _calls = [];

    public ParsedMessage Message => new(
        _reasoning.Length == 0 ? null : _reasoning.ToString(),
        _content.Length == 0 ? null : _content.ToString(),
        [.. _calls]);

    public void Reasoning(ReadOnlySpan<char> text) => _reasoning.Append(text);

    public void Content(ReadOnlySpan<char> text) => _content.Append(text);

    public void ToolCallStarted(int index, string id, string name)
    {
        _arguments.Clear();
        _calls.Add(new(id, name, "", Complete: false));
    }

    public void ToolArguments(int index, ReadOnlySpan<char> json) => _arguments.Append(json);

    public void ToolCallEnded(int index, bool complete) =>
        _calls[index] = _calls[index] with { Arguments = _arguments.ToString(), Complete = complete };
}
