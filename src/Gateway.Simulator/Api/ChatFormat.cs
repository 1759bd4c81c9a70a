using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>OpenAI's chat.completion and chat.completion.chunk.</summary>
internal sealed class ChatFormat : AnswerFormat
{
    private readonly string _model;
    private readonly long _created;
    private readonly bool _includeUsage;

    public ChatFormat(string model, long created, bool includeUsage)
    {
        _model = model;
        _created = created;
        _includeUsage = includeUsage;
    }

    public override void WriteWhole(Utf8JsonWriter json, Generation generation)
    {
        WriteHead(json, generation, "chat.completion");
        json.WriteStartArray("choices");
        for (var choice = 0; choice < generation.Sequences.Count; choice++)
            WriteChoice(json, generation, choice);
        json.WriteEndArray();
        json.WriteUsage(generation);
        json.WriteEndObject();
    }

    public override void WriteProgress(EventStream events, Generation generation, int choice, int from, int to, bool ends)
    {
        var answer = generation.Sequences[choice].Answer;
        if (from == 0)
            WriteChunk(events, generation, choice, null, static json => WriteRole(json));
        for (var i = from; i < to; i++)
        {
            var piece = i;
            if (answer.ToolCalls.Count > 0)
                WriteChunk(events, generation, choice, null, json => WriteToolDelta(json, answer, piece));
            else if (answer.Pieces[i].Length > 0)
                WriteChunk(events, generation, choice, null, json => json.WriteString("content", answer.Pieces[piece]));
        }

        if (ends)
            WriteChunk(events, generation, choice, generation.FinishReasonOf(choice), static _ => { });
    }

    public override void WriteTail(EventStream events, Generation generation)
    {
        if (!_includeUsage)
            return;
        events.Write(generation, (json, state) =>
        {
            WriteHead(json, state, "chat.completion.chunk");
            json.WriteStartArray("choices");
            json.WriteEndArray();
            json.WriteUsage(state);
            json.WriteEndObject();
        });
    }

    private static void WriteRole(Utf8JsonWriter json)
    {
        json.WriteString("role", "assistant");
        json.WriteString("content", "");
    }

    private static void WriteToolDelta(Utf8JsonWriter json, Answer answer, int piece)
    {
        var index = answer.ToolCalls.Count - 1;
        while (answer.ToolCalls[index].FirstPiece > piece)
            index--;
        json.WriteStartArray("tool_calls");
        WriteToolCall(json, answer.ToolCalls[index], index, answer.ToolCalls[index].FirstPiece == piece, answer.Pieces[piece]);
        json.WriteEndArray();
    }

    /// <param name="introduce">True with the call's id and name, which only its first delta carries.</param>
    private static void WriteToolCall(Utf8JsonWriter json, ToolCall call, int index, bool introduce, string arguments)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        if (introduce)
        {
            json.WriteString("id", call.Id);
            json.WriteString("type", "function");
        }

        json.WriteStartObject("function");
        if (introduce)
            json.WriteString("name", call.Name);
        json.WriteString("arguments", arguments);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteChoice(Utf8JsonWriter json, Generation generation, int choice)
    {
        var sequence = generation.Sequences[choice];
        json.WriteStartObject();
        json.WriteNumber("index", choice);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (sequence.Answer.ToolCalls is { Count: > 0 } calls)
        {
            json.WriteNull("content");
            json.WriteStartArray("tool_calls");
            for (var i = 0; i < calls.Count; i++)
                WriteToolCall(json, calls[i], i, introduce: true, calls[i].Arguments);
            json.WriteEndArray();
        }
        else
        {
            json.WriteString("content", sequence.Answer.TextUpTo(sequence.Emitted));
        }

        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", generation.FinishReasonOf(choice));
        json.WriteEndObject();
    }

    private void WriteChunk(EventStream events, Generation generation, int choice, string? finishReason, Action<Utf8JsonWriter> writeDelta) =>
        events.Write(writeDelta, (json, write) =>
        {
            WriteHead(json, generation, "chat.completion.chunk");
            json.WriteStartArray("choices");
            json.WriteStartObject();
            json.WriteNumber("index", choice);
            json.WriteStartObject("delta");
            write(json);
            json.WriteEndObject();
            json.WriteNull("logprobs");
            json.WriteString("finish_reason", finishReason);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        });

    private void WriteHead(Utf8JsonWriter json, Generation generation, string kind)
    {
        json.WriteStartObject();
        json.WriteString("id", $"chatcmpl-{generation.Id}");
        json.WriteString("object", kind);
        json.WriteNumber("created", _created);
        json.WriteString("model", _model);
        json.WriteString("system_fingerprint", ModelFacts.Fingerprint);
    }
}
