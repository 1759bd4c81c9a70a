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

    public override void WriteWhole(Utf8JsonWriter json, Generation generation)
    {
        WriteHead(json, generation);
        for (var choice = 0; choice < generation.Sequences.Count; choice++)
        {
            var sequence = generation.Sequences[choice];
            WriteChoice(json, choice, sequence.Answer.TextUpTo(sequence.Emitted), generation.FinishReasonOf(choice));
        }

        json.WriteEndArray();
        json.WriteUsage(generation);
        json.WriteEndObject();
    }

    public override void WriteProgress(EventStream events, Generation generation, int choice, int from, int to, bool ends)
    {
        var pieces = generation.Sequences[choice].Answer.Pieces;
        for (var i = from; i < to; i++)
        {
            if (pieces[i].Length > 0)
                WriteChunk(events, generation, choice, pieces[i], finishReason: null);
        }

        if (ends)
            WriteChunk(events, generation, choice, "", generation.FinishReasonOf(choice));
    }

    public override void WriteTail(EventStream events, Generation generation)
    {
        if (!_includeUsage)
            return;
        events.Write(generation, (json, state) =>
        {
            WriteHead(json, state);
            json.WriteEndArray();
            json.WriteUsage(state);
            json.WriteEndObject();
        });
    }

    private static void WriteChoice(Utf8JsonWriter json, int choice, string text, string? finishReason)
    {
        json.WriteStartObject();
        json.WriteNumber("index", choice);
        json.WriteString("text", text);
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", finishReason);
        json.WriteEndObject();
    }

    private void WriteChunk(EventStream events, Generation generation, int choice, string text, string? finishReason) =>
        events.Write((choice, text, finishReason), (json, chunk) =>
        {
            WriteHead(json, generation);
            WriteChoice(json, chunk.choice, chunk.text, chunk.finishReason);
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
