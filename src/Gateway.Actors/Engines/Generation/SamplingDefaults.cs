using System.Text.Json;

namespace Gateway.Actors.Engines.Generation;

/// <summary>
/// The sampling that a model's makers recommend, as the engine advertises it in <c>default_sampling_params_json</c>. Null for what it does
/// not say, or says in another form than expected.
/// </summary>
internal sealed record SamplingDefaults
{
    public static SamplingDefaults None { get; } = new();

    public float? Temperature { get; private init; }

    public float? TopP { get; private init; }

    public int? TopK { get; private init; }

    public float? MinP { get; private init; }

    public float? FrequencyPenalty { get; private init; }

    public float? PresencePenalty { get; private init; }

    public float? RepetitionPenalty { get; private init; }

    public int? MaxTokens { get; private init; }

    public static SamplingDefaults Parse(string? json)
    {
        if (string.IsNullOrWhiteSpace(json))
            return None;
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : None;
        }
        catch (JsonException)
        {
            return None;
        }
    }

    private static SamplingDefaults Read(JsonElement json) => new()
    {
        Temperature = Number(json, "temperature"),
        TopP = Number(json, "top_p"),
        TopK = Whole(json, "top_k"),
        MinP = Number(json, "min_p"),
        FrequencyPenalty = Number(json, "frequency_penalty"),
        PresencePenalty = Number(json, "presence_penalty"),
        RepetitionPenalty = Number(json, "repetition_penalty"),
        MaxTokens = Whole(json, "max_new_tokens") ?? Whole(json, "max_tokens"),
    };

    private static float? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && float.IsFinite(number)
            ? number
            : null;

    private static int? Whole(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
