namespace Gateway.Text.Parsers;

/// <summary>
/// Where a parser puts what it understood, piece by piece. The spans are valid during the call only. How a text was cut before it came to
/// the parser may cut these pieces elsewhere, but neither their order nor what they add up to.
/// </summary>
public interface IOutputSink
{
    /// <summary>A piece of the model's thinking.</summary>
    void Reasoning(ReadOnlySpan<char> text);

    /// <summary>A piece of the answer.</summary>
    void Content(ReadOnlySpan<char> text);

    /// <summary>A call begins. Its arguments follow; no other call's come between.</summary>
    /// <param name="index">0 for the first call of an answer.</param>
    void ToolCallStarted(int index, string id, string name);

    /// <summary>A piece of a call's arguments: JSON text.</summary>
    void ToolArguments(int index, ReadOnlySpan<char> json);

    /// <summary>A call ends.</summary>
    /// <param name="complete">
    /// False if the text ended or went wrong inside the call: its arguments are what had come, left unclosed on purpose, so that nobody
    /// takes half a call for a whole one.
    /// </param>
    void ToolCallEnded(int index, bool complete);
}
