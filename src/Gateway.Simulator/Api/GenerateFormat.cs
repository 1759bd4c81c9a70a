using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>SGLang's native answer. Its stream repeats the whole text so far in each event.</summary>
internal sealed class GenerateFormat : AnswerFormat
{
    private readonly SimulatorOptions _options;
    private readonly bool _isBatch;
    private readonly TokenLogprobs? _logprobs;
    private readonly long _start;

    /// <param name="isBatch">True if the prompts came as a list, be it of one.</param>
    public GenerateFormat(SimulatorOptions options, bool isBatch, TokenLogprobs? logprobs)
    {
        _options = options;
        _isBatch = isBatch;
        _logprobs = logprobs;
        _start = options.TimeProvider.GetTimestamp();
    }

    public override void WriteWhole(Utf8JsonWriter json, IReadOnlyList<Generation> generations)
    {
        AnswerChoice[] choices = [.. AnswerChoice.Of(generations)];
        var several = _isBatch || choices.Length > 1;
        if (several)
            json.WriteStartArray();
        foreach (var choice in choices)
            WriteChoice(json, choice, choice.Emitted, ends: true);
        if (several)
            json.WriteEndArray();
    }

    public override void WriteProgress(EventStream events, AnswerChoice choice, int from, int to, bool ends) =>
        events.Write(choice, (json, state) => WriteChoice(json, state, to, ends));

    private void WriteFinishReason(Utf8JsonWriter json, AnswerChoice choice)
    {
        var answer = choice.Answer;
        var reason = choice.FinishReason;
        json.WriteStartObject("finish_reason");
        json.WriteString("type", reason);
        if (reason == "length")
            json.WriteNumber("length", answer.Tokens.Length);
        else if (reason == "stop" && answer.MatchedStop is { } text)
            json.WriteString("matched", text);
        else if (reason == "stop")
            json.WriteNumber("matched", _options.EndOfTextToken);
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
        json.WriteNumber("e2e_latency", _options.TimeProvider.GetElapsedTime(_start).TotalSeconds);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
