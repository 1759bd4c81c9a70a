using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>The pieces of JSON that OpenAI's answers have in common.</summary>
internal static class AnswerJson
{
    /// <summary>JSON is no HTML: only what JSON demands is escaped, as engines do.</summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = Encoder, SkipValidation = true };

    /// <returns>OpenAI's word; null while it goes on.</returns>
    public static string? WordOf(FinishReason reason) => reason switch
    {
        FinishReason.None => null,
        FinishReason.Length => "length",
        FinishReason.Abort => "abort",
        _ => "stop",
    };

    /// <summary>Which stop ended a choice, as SGLang and vLLM say beside OpenAI's fields.</summary>
    public static void WriteMatchedStop(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text, int? token)
    {
        if (text is not null)
            json.WriteString(name, text);
        else if (token is { } id)
            json.WriteNumber(name, id);
        else
            json.WriteNull(name);
    }

    /// <summary>JSON has no infinity, and no other number that is none.</summary>
    public static void WriteFinite(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value))
            json.WriteNumberValue(value);
        else
            json.WriteNullValue();
    }

    public static void WriteUsage(Utf8JsonWriter json, in Usage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, usage.PromptTokens);
        json.WriteNumber("completion_tokens"u8, usage.CompletionTokens);
        json.WriteNumber("total_tokens"u8, usage.PromptTokens + usage.CompletionTokens);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CachedTokens);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.ReasoningTokens);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>What a request has cost, over all its prompts and choices.</summary>
/// <param name="PromptTokens">Each prompt once, however many choices it has.</param>
/// <param name="CompletionTokens">Of all choices.</param>
/// <param name="CachedTokens">Of the prompts, found in the KV cache.</param>
/// <param name="ReasoningTokens">Of the completion tokens.</param>
internal readonly record struct Usage(int PromptTokens, int CompletionTokens, int CachedTokens, int ReasoningTokens);
