using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>SGLang's native answer. Its stream repeats the whole text so far in each event.</summary>
internal sealed class GenerateFormat : AnswerFormat
{
    private readonly TimeProvider _time;
    private readonly TokenLogprobs? _logprobs;
    private readonly long _start;

    public GenerateFormat(TimeProvider time, TokenLogprobs? logprobs)
    {
        _time = time;
        _logprobs = logprobs;
        _start = time.GetTimestamp();
    }

    public override void WriteWhole(Utf8JsonWriter json, IReadOnlyList<Generation> generations)
    {
        AnswerChoice[] choices = [.. AnswerChoice.Of(generations)];
        var several = choices.Length > 1;
        if (several)
            json.WriteStartArray();
        foreach (var choice in choices)
            WriteChoice(json, choice, choice.Emitted, ends: true);
        if (several)
            json.WriteEndArray();
    }

    public override void WriteProgress(EventStream events, AnswerChoice choice, int from, int to, bool ends) =>
        events.Write(choice, (json, state) => WriteChoice(json, state, to, ends));

    private static void WriteFinishReason(Utf8JsonWriter json, AnswerChoice choice)
    {
        var answer = choice.Answer;
        var reason = choice.FinishReason;
        json.WriteStartObject("finish_reason");
        json.WriteString("type", reason);
        if (reason == "length")
            json.WriteNumber("length", answer.Tokens.Length);
        else if (reason == "stop")
            json.WriteString("matched", answer.MatchedStop);
        json.WriteEndObject();
    }

    private void WriteChoice(Utf8JsonWriter json, AnswerChoice choice, int emitted, bool ends)
    {
        var generation = choice.Generation;
        var answer = choice.Answer;
        json.WriteStartObject();
        json.WriteNumber("index", choice.Place);
        json.WriteString("text", answer.TextUpTo(emitted));
        json.WriteStartArray("output_ids");
        foreach (var token in answer.Tokens.AsSpan(0, emitted))
            json.WriteNumberValue(token);
        json.WriteEndArray();
        json.WriteStartObject("meta_info");
        json.WriteString("id", generation.Id);
        if (ends)
            WriteFinishReason(json, choice);
        else
            json.WriteNull("finish_reason");
        json.WriteNumber("prompt_tokens", generation.Prompt.Length);
        json.WriteNumber("completion_tokens", emitted);
        json.WriteNumber("cached_tokens", generation.CachedTokens);
        _logprobs?.Write(json, choice, emitted);
        json.WriteNumber("e2e_latency", _time.GetElapsedTime(_start).TotalSeconds);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
