using System.Text.Json;
using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>Chat completions as they come: one chunk for each piece of text, as OpenAI's clients expect them.</summary>
/// <param name="events">The response.</param>
/// <param name="head">Of each chunk.</param>
/// <param name="logprobs">Null if the client does not want them.</param>
/// <param name="includeUsage">True if the client wants the usage in a last chunk.</param>
internal sealed class ChatStreamWriter(EventStreamWriter events, AnswerHead head, LogprobJson? logprobs, bool includeUsage) : IAnswerWriter
{
    private readonly List<Choice> _choices = [];

    public int TakeWritten() => events.TakeWritten();

    public void Content(int choice, ReadOnlySpan<char> text) => Text(choice, "content"u8, text);

    public void Reasoning(int choice, ReadOnlySpan<char> text) => Text(choice, "reasoning_content"u8, text);

    public void ToolCall(int choice, int call, string id, string name)
    {
        var json = BeginDelta(choice);
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, call);
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, name);
        json.WriteString("arguments"u8, ""u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        EndDelta(json, choice);
    }

    public void ToolArguments(int choice, int call, ReadOnlySpan<char> arguments)
    {
        var json = BeginDelta(choice);
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, call);
        json.WriteStartObject("function"u8);
        json.WriteString("arguments"u8, arguments);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        EndDelta(json, choice);
    }

    public void Logprobs(int choice, IReadOnlyList<TokenLogprob> tokens)
    {
        if (logprobs is null)
            return;
        var pending = Of(choice).Pending ??= [];
        pending.AddRange(tokens);
    }

    public void Finish(int choice, in ChoiceEnd end)
    {
        var json = BeginDelta(choice);
        json.WriteEndObject();
        WriteLogprobs(json, choice);
        json.WriteString("finish_reason"u8, end.Word);
        AnswerJson.WriteMatchedStop(json, "matched_stop"u8, end.MatchedStop, end.MatchedToken);
        EndChunk(json);
    }

    public void Complete(in Usage usage)
    {
        if (includeUsage)
            events.Usage(head, "chat.completion.chunk"u8, usage);
        events.Done();
    }

    public void Dispose() => events.Dispose();

    private void Text(int choice, ReadOnlySpan<byte> field, ReadOnlySpan<char> text)
    {
        var json = BeginDelta(choice);
        json.WriteString(field, text);
        EndDelta(json, choice);
    }

    /// <summary>The first chunk of a choice says who speaks.</summary>
    private Utf8JsonWriter BeginDelta(int choice)
    {
        var state = Of(choice);
        if (!state.HasBegun)
        {
            state.HasBegun = true;
            var first = BeginChunk(choice);
            first.WriteString("role"u8, "assistant"u8);
            first.WriteString("content"u8, ""u8);
            EndDelta(first, choice, withLogprobs: false);
        }

        return BeginChunk(choice);
    }

    private Utf8JsonWriter BeginChunk(int choice)
    {
        var json = events.Begin();
        json.WriteStartObject();
        head.Write(json, "chat.completion.chunk"u8);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice);
        json.WriteStartObject("delta"u8);
        return json;
    }

    private void EndDelta(Utf8JsonWriter json, int choice, bool withLogprobs = true)
    {
        json.WriteEndObject();
        if (withLogprobs)
            WriteLogprobs(json, choice);
        else
            json.WriteNull("logprobs"u8);
        json.WriteNull("finish_reason"u8);
        EndChunk(json);
    }

    private void WriteLogprobs(Utf8JsonWriter json, int choice)
    {
        if (logprobs is null || Of(choice).Pending is not { Count: > 0 } pending)
        {
            json.WriteNull("logprobs"u8);
            return;
        }

        logprobs.WriteChat(json, pending);
        pending.Clear();
    }

    private void EndChunk(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndArray();
        if (includeUsage)
            json.WriteNull("usage"u8);
        json.WriteEndObject();
        events.End();
    }

    private Choice Of(int choice)
    {
        while (_choices.Count <= choice)
            _choices.Add(new Choice());
        return _choices[choice];
    }

    private sealed class Choice
    {
        public bool HasBegun { get; set; }

        /// <summary>Of tokens whose text has not been sent.</summary>
        public List<TokenLogprob>? Pending { get; set; }
    }
}
