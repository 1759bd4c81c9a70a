using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>OpenAI's text_completion, whole and in chunks.</summary>
internal sealed class CompletionFormat : AnswerFormat
{
    private readonly string _model;
    private readonly long _created;
    private readonly bool _includeUsage;

    public CompletionFormat(string model, long created, bool includeUsage)
    {
        _model = model;
        _created = created;
        _includeUsage = includeUsage;
    }

    public override void WriteWhole(Utf8JsonWriter json, IReadOnlyList<Generation> generations)
    {
        WriteHead(json, generations[0]);
        foreach (var choice in AnswerChoice.Of(generations))
            WriteChoice(json, choice.Place, choice.Answer.TextUpTo(choice.Emitted), choice.FinishReason);
        json.WriteEndArray();
        json.WriteUsage(generations);
        json.WriteEndObject();
    }

    public override void WriteProgress(EventStream events, AnswerChoice choice, int from, int to, bool ends)
    {
        var pieces = choice.Answer.Pieces;
        for (var i = from; i < to; i++)
        {
            if (pieces[i].Length > 0)
                WriteChunk(events, choice, pieces[i], finishReason: null);
        }

        if (ends)
            WriteChunk(events, choice, "", choice.FinishReason);
    }

    public override void WriteTail(EventStream events, IReadOnlyList<Generation> generations)
    {
        if (!_includeUsage)
            return;
        events.Write(generations, (json, state) =>
        {
            WriteHead(json, state[0]);
            json.WriteEndArray();
            json.WriteUsage(state);
            json.WriteEndObject();
        });
    }

    private static void WriteChoice(Utf8JsonWriter json, int place, string text, string? finishReason)
    {
        json.WriteStartObject();
        json.WriteNumber("index", place);
        json.WriteString("text", text);
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finishReason);
        json.WriteEndObject();
    }

    private void WriteChunk(EventStream events, AnswerChoice choice, string text, string? finishReason) =>
        events.Write((choice, text, finishReason), (json, chunk) =>
        {
            WriteHead(json, chunk.choice.Generation);
            WriteChoice(json, chunk.choice.Place, chunk.text, chunk.finishReason);
            json.WriteEndArray();
            json.WriteEndObject();
        });

    /// <summary>Leaves the array of choices open.</summary>
    private void WriteHead(Utf8JsonWriter json, Generation generation)
    {
        json.WriteStartObject();
        json.WriteString("id", $"cmpl-{generation.Id}");
        json.WriteString("object", "text_completion");
        json.WriteNumber("created", _created);
        json.WriteString("model", _model);
        json.WriteString("system_fingerprint", ModelFacts.Fingerprint);
        json.WriteStartArray("choices");
    }
}
