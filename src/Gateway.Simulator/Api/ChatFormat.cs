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

    public override void WriteWhole(Utf8JsonWriter json, IReadOnlyList<Generation> generations)
    {
        WriteHead(json, generations[0], "chat.completion");
        json.WriteStartArray("choices");
        foreach (var choice in AnswerChoice.Of(generations))
            WriteChoice(json, choice);
        json.WriteEndArray();
        json.WriteUsage(generations);
        json.WriteEndObject();
    }

    public override void WriteProgress(EventStream events, AnswerChoice choice, int from, int to, bool ends)
    {
        var answer = choice.Answer;
        if (from == 0)
            WriteChunk(events, choice, null, static json => WriteRole(json));
        for (var i = from; i < to; i++)
        {
            var piece = i;
            if (answer.ToolCalls.Count > 0)
                WriteChunk(events, choice, null, json => WriteToolDelta(json, answer, piece));
            else if (answer.Pieces[i].Length > 0)
                WriteChunk(events, choice, null, json => json.WriteString("content", answer.Pieces[piece]));
        }

        if (ends)
            WriteChunk(events, choice, choice.FinishReason, static _ => { });
    }

    public override void WriteTail(EventStream events, IReadOnlyList<Generation> generations)
    {
        if (!_includeUsage)
            return;
        events.Write(generations, (json, state) =>
        {
            WriteHead(json, state[0], "chat.completion.chunk");
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

    private static void WriteChoice(Utf8JsonWriter json, AnswerChoice choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index", choice.Place);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        if (choice.Answer.ToolCalls is { Count: > 0 } calls)
        {
            json.WriteNull("content");
            json.WriteStartArray("tool_calls");
            for (var i = 0; i < calls.Count; i++)
                WriteToolCall(json, calls[i], i, introduce: true, calls[i].Arguments);
            json.WriteEndArray();
        }
        else
        {
            json.WriteString("content", choice.Answer.TextUpTo(choice.Emitted));
        }

        json.WriteEndObject();
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", choice.FinishReason);
        json.WriteEndObject();
    }

    private void WriteChunk(EventStream events, AnswerChoice choice, string? finishReason, Action<Utf8JsonWriter> writeDelta) =>
        events.Write(writeDelta, (json, write) =>
        {
            WriteHead(json, choice.Generation, "chat.completion.chunk");
            json.WriteStartArray("choices");
            json.WriteStartObject();
            json.WriteNumber("index", choice.Place);
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
