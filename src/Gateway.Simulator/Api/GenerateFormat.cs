using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>SGLang's native answer. Its stream repeats the whole text so far in each event.</summary>
internal sealed class GenerateFormat : AnswerFormat
{
    private readonly TimeProvider _time;
    private readonly long _start;

    public GenerateFormat(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
    }

    public override void WriteWhole(Utf8JsonWriter json, Generation generation)
    {
        var several = generation.Sequences.Count > 1;
        if (several)
            json.WriteStartArray();
        for (var choice = 0; choice < generation.Sequences.Count; choice++)
            WriteChoice(json, generation, choice, generation.Sequences[choice].Emitted, ends: true);
        if (several)
            json.WriteEndArray();
    }

    public override void WriteProgress(EventStream events, Generation generation, int choice, int from, int to, bool ends) =>
        events.Write(generation, (json, state) => WriteChoice(json, state, choice, to, ends));

    private static void WriteFinishReason(Utf8JsonWriter json, Generation generation, int choice)
    {
        var answer = generation.Sequences[choice].Answer;
        var reason = generation.FinishReasonOf(choice);
        json.WriteStartObject("finish_reason");
        json.WriteString("type", reason);
        if (reason == "length")
            json.WriteNumber("length", answer.Tokens.Length);
        else if (reason == "stop")
            json.WriteString("matched", answer.MatchedStop);
        json.WriteEndObject();
    }

    private void WriteChoice(Utf8JsonWriter json, Generation generation, int choice, int emitted, bool ends)
    {
        var answer = generation.Sequences[choice].Answer;
        json.WriteStartObject();
        json.WriteNumber("index", choice);
        json.WriteString("text", answer.TextUpTo(emitted));
        json.WriteStartArray("output_ids");
        foreach (var token in answer.Tokens.AsSpan(0, emitted))
            json.WriteNumberValue(token);
        json.WriteEndArray();
        json.WriteStartObject("meta_info");
        json.WriteString("id", generation.Id);
        if (ends)
            WriteFinishReason(json, generation, choice);
        else
            json.WriteNull("finish_reason");
        json.WriteNumber("prompt_tokens", generation.Prompt.Length);
        json.WriteNumber("completion_tokens", emitted);
        json.WriteNumber("cached_tokens", generation.CachedTokens);
        json.WriteNumber("e2e_latency", _time.GetElapsedTime(_start).TotalSeconds);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
