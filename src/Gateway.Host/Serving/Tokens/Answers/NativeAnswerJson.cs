using System.Text.Json;
using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>Writes choices as SGLang's own API has them.</summary>
/// <param name="ids">Of the prompts.</param>
/// <param name="choicesEach">Choices of each prompt.</param>
/// <param name="isList">True if the whole answer is a list.</param>
/// <param name="logprobs">Null if the client does not want them.</param>
/// <param name="time">The gateway's clock.</param>
/// <param name="start">When the request came, by that clock.</param>
internal sealed class NativeAnswerJson(
    IReadOnlyList<string> ids, int choicesEach, bool isList, NativeLogprobJson? logprobs, TimeProvider time, long start)
{
    public bool IsList => isList;

    public void Write(Utf8JsonWriter json, int index, NativeChoice choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteString("text"u8, choice.Text);
        json.WriteStartArray("output_ids"u8);
        foreach (var token in choice.Tokens)
            json.WriteNumberValue(token);
        json.WriteEndArray();
        json.WriteStartObject("meta_info"u8);
        json.WriteString("id"u8, ids[index / choicesEach]);
        WriteFinishReason(json, choice);
        json.WriteNumber("prompt_tokens"u8, choice.PromptTokens);
        json.WriteNumber("completion_tokens"u8, choice.CompletionTokens);
        json.WriteNumber("cached_tokens"u8, choice.CachedTokens);
        logprobs?.Write(json, choice);
        json.WriteNumber("e2e_latency"u8, time.GetElapsedTime(start).TotalSeconds);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteFinishReason(Utf8JsonWriter json, NativeChoice choice)
    {
        var end = choice.End;
        if (end.Reason == FinishReason.None)
        {
            json.WriteNull("finish_reason"u8);
            return;
        }

        json.WriteStartObject("finish_reason"u8);
        json.WriteString("type"u8, AnswerJson.WordOf(end.Reason));
        if (end.Reason == FinishReason.Length)
            json.WriteNumber("length"u8, choice.CompletionTokens);
        else if (end.Reason == FinishReason.Stop)
            AnswerJson.WriteMatchedStop(json, "matched"u8, end.MatchedStop, end.MatchedToken);
        json.WriteEndObject();
    }
}
