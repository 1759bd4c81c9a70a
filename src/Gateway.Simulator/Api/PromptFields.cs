using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>Reads prompts that come as text or as token ids, one or several.</summary>
internal static class PromptFields
{
    /// <exception cref="ApiException">It is missing or something else.</exception>
    public static IReadOnlyList<int[]> GetPrompts(this JsonElement json, string name)
    {
        var value = json.Get(name) ?? throw ApiException.Invalid(name, $"'{name}' is missing.");
        if (json.IsBatch(name))
            return [.. value.EnumerateArray().Select(item => Tokens(item, name))];
        return [Tokens(value, name)];
    }

    /// <summary>True if the field is a list of prompts, be it of one.</summary>
    public static bool IsBatch(this JsonElement json, string name) => json.Get(name) is { ValueKind: JsonValueKind.Array } list
        && list.EnumerateArray().Any(static item => item.ValueKind != JsonValueKind.Number);

    private static int[] Tokens(JsonElement prompt, string name) => prompt switch
    {
        { ValueKind: JsonValueKind.String } => SimulatedTokenizer.Encode(prompt.GetString()!),
        { ValueKind: JsonValueKind.Array } => [.. prompt.EnumerateArray().Select(item => TokenId(item, name))],
        _ => throw ApiException.Invalid(name, $"'{name}' must be text or token ids."),
    };

    private static int TokenId(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var id)
            ? id
            : throw ApiException.Invalid(name, $"'{name}' holds something that is no token id.");
}
