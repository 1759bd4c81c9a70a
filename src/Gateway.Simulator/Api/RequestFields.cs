using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>Reads the fields that the endpoints have in common out of a request's JSON.</summary>
internal static class RequestFields
{
    public const int MaxChoices = 128;

    public static JsonElement? Get(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? GetText(this JsonElement json, string name) => json.Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        _ => throw ApiException.Invalid(name, $"'{name}' must be a string."),
    };

    public static int? GetNumber(this JsonElement json, string name) => json.Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out var number) => number,
        _ => throw ApiException.Invalid(name, $"'{name}' must be a whole number."),
    };

    public static bool GetFlag(this JsonElement json, string name) => json.Get(name) is { ValueKind: JsonValueKind.True };

    /// <summary>A string, or an array of strings.</summary>
    public static IReadOnlyList<string> GetTexts(this JsonElement json, string name) => json.Get(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } value => [value.GetString()!],
        { ValueKind: JsonValueKind.Array } value when value.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String) =>
            [.. value.EnumerateArray().Select(static item => item.GetString()!)],
        _ => throw ApiException.Invalid(name, $"'{name}' must be a string or an array of strings."),
    };

    /// <summary>The model's name as the request gives it, or the model's own if it gives none.</summary>
    /// <exception cref="ApiException">It is not served here.</exception>
    public static string GetModel(this JsonElement json, SimulatorOptions options)
    {
        var model = json.GetText("model") ?? options.Model;
        return options.Serves(model)
            ? model
            : throw new ApiException(404, "model_not_found", $"The model '{model}' does not exist.", "model");
    }

    /// <summary>True if a stream is to end with an account of its tokens.</summary>
    public static bool WantsUsage(this JsonElement json) => json.Get("stream_options") is { } options && options.GetFlag("include_usage");

    public static int GetChoices(this JsonElement json)
    {
        var choices = json.GetNumber("n") ?? 1;
        return choices is >= 1 and <= MaxChoices ? choices : throw ApiException.Invalid("n", $"'n' must be from 1 to {MaxChoices}.");
    }

    /// <param name="maxTokens">Names of the field that limits the answer, the preferred one first.</param>
    public static AnswerLimits GetLimits(this JsonElement json, params ReadOnlySpan<string> maxTokens)
    {
        int? most = null;
        foreach (var name in maxTokens)
        {
            most ??= json.GetNumber(name);
            if (most < 1)
                throw ApiException.Invalid(name, $"'{name}' must be at least 1.");
        }

        var stops = json.GetTexts("stop").Where(static stop => stop.Length > 0).ToList();
        return new AnswerLimits(most, stops, json.GetFlag("ignore_eos"));
    }

    /// <summary>Tokens left for an answer to this prompt.</summary>
    /// <exception cref="ApiException">There are none.</exception>
    public static int GetRoom(SimulatorOptions options, int promptTokens)
    {
        var context = Math.Min(options.MaxModelLength, options.KvCapacityTokens / options.KvBlockTokens * options.KvBlockTokens);
        if (promptTokens == 0)
            throw ApiException.Invalid("prompt", "The prompt is empty.");
        return promptTokens < context
            ? context - promptTokens
            : throw new ApiException(
                400,
                "context_length_exceeded",
                $"The model's context is {context} tokens; the prompt has {promptTokens} and leaves no room for an answer.");
    }

    /// <summary>The id under which the engine knows the request: the client's, or a new one.</summary>
    public static string GetRequestId(this JsonElement json) =>
        json.GetText("rid") ?? json.GetText("request_id") ?? NewRequestId();

    /// <summary>Ids for the prompts of a request: the client's, one for each or one to be numbered, or new ones.</summary>
    public static IReadOnlyList<string> GetRequestIds(this JsonElement json, int prompts)
    {
        if (json.Get("rid") is { ValueKind: JsonValueKind.Array })
        {
            var ids = json.GetTexts("rid");
            return ids.Count == prompts ? ids : throw ApiException.Invalid("rid", $"'rid' has {ids.Count} elements for {prompts} prompts.");
        }

        var id = json.GetText("rid") ?? json.GetText("request_id");
        return [.. Enumerable.Range(0, prompts).Select(i => id is null ? NewRequestId() : prompts == 1 ? id : $"{id}_{i}")];
    }

    public static string NewRequestId() => Guid.NewGuid().ToString("N");
}
