using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>A chat completion in one piece, when it is complete.</summary>
/// <param name="output">The response's.</param>
/// <param name="head">Of the answer.</param>
/// <param name="logprobs">Null if the client does not want them.</param>
internal sealed class ChatWholeWriter(PipeWriter output, AnswerHead head, LogprobJson? logprobs) : IAnswerWriter
{
    private readonly List<Choice> _choices = [];
    private long _written;

    public int TakeWritten()
    {
        var written = (int)_written;
        _written = 0;
        return written;
    }

    public void Content(int choice, ReadOnlySpan<char> text) => Of(choice).Content.Append(text);

    public void Reasoning(int choice, ReadOnlySpan<char> text) => (Of(choice).Reasoning ??= new StringBuilder()).Append(text);

    public void ToolCall(int choice, int call, string id, string name) => Of(choice).Calls.Add(new Call(id, name));

    public void ToolArguments(int choice, int call, ReadOnlySpan<char> json) => Of(choice).Calls[call].Arguments.Append(json);

    public void Logprobs(int choice, IReadOnlyList<TokenLogprob> tokens)
    {
        if (logprobs is not null)
            Of(choice).Logprobs.AddRange(tokens);
    }

    public void Finish(int choice, in ChoiceEnd end) => Of(choice).End = end;

    public void Complete(in Usage usage)
    {
        using var json = new Utf8JsonWriter(output, AnswerJson.WriterOptions);
        json.WriteStartObject();
        head.Write(json, "chat.completion"u8);
        json.WriteStartArray("choices"u8);
        for (var i = 0; i < _choices.Count; i++)
            Write(json, i, _choices[i]);
        json.WriteEndArray();
        AnswerJson.WriteUsage(json, usage);
        json.WriteEndObject();
        json.Flush();
        _written = json.BytesCommitted;
    }

    public void Dispose()
    {
    }

    private void Write(Utf8JsonWriter json, int index, Choice choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        if (choice.Content.Length == 0 && choice.Calls.Count > 0)
            json.WriteNull("content"u8);
        else
            json.WriteString("content"u8, choice.Content.ToString());
        json.WriteNull("refusal"u8);
        if (choice.Reasoning is { } reasoning)
            json.WriteString("reasoning_content"u8, reasoning.ToString());
        if (choice.Calls.Count > 0)
        {
            json.WriteStartArray("tool_calls"u8);
            foreach (var call in choice.Calls)
                Write(json, call);
            json.WriteEndArray();
        }

        json.WriteEndObject();
        if (logprobs is null)
            json.WriteNull("logprobs"u8);
        else
            logprobs.WriteChat(json, choice.Logprobs);
        var end = choice.End;
        json.WriteString("finish_reason"u8, end.Word);
        AnswerJson.WriteMatchedStop(json, "matched_stop"u8, end.MatchedStop, end.MatchedToken);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Call call)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, call.Id);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, call.Arguments.ToString());
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private Choice Of(int choice)
    {
        while (_choices.Count <= choice)
            _choices.Add(new Choice());
        return _choices[choice];
    }

    private sealed class Choice
    {
        public StringBuilder Content { get; } = new();

        public StringBuilder? Reasoning { get; set; }

        public List<Call> Calls { get; } = [];

        public List<TokenLogprob> Logprobs { get; } = [];

        public ChoiceEnd End { get; set; }
    }

    private sealed record Call(string Id, string Name)
    {
        public StringBuilder Arguments { get; } = new();
    }
}
