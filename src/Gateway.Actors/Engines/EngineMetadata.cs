using System.Text.Json;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>Reads what engines say of themselves over HTTP. Whatever has another shape than expected counts as not said.</summary>
internal static class EngineMetadata
{
    /// <summary>OpenAI's <c>GET /v1/models</c>, with <c>max_model_len</c> as SGLang and vLLM add it.</summary>
    public static (EquatableArray<ModelCard> Models, string? Owner) ReadModels(HttpAnswer answer)
    {
        if (Property(answer.Json, "data") is not { ValueKind: JsonValueKind.Array } data)
            return default;
        var cards = new List<ModelCard>();
        string? owner = null;
        foreach (var model in data.EnumerateArray())
        {
            if (Text(model, "id") is not { Length: > 0 } id || cards.Exists(card => card.Id == id))
                continue;
            cards.Add(new ModelCard(id, MaxModelLength: Number(model, "max_model_len")));
            owner ??= Text(model, "owned_by");
        }

        return ([.. cards], owner);
    }

    public static EngineRuntime RuntimeOf(string? owner) => owner switch
    {
        "sglang" => EngineRuntime.SgLang,
        "vllm" => EngineRuntime.Vllm,
        _ => EngineRuntime.Unspecified,
    };

    /// <summary>vLLM's <c>GET /version</c>.</summary>
    public static string? ReadVersion(HttpAnswer answer) => Text(answer.Json, "version");

    /// <summary>SGLang's <c>GET /get_server_info</c>: the server's arguments, among much else.</summary>
    public static ServerInfo ReadServerInfo(HttpAnswer answer) => new(
        IsSgLang: answer.Json is not null && (Has(answer.Json, "internal_states") || Has(answer.Json, "tp_size") || Has(answer.Json, "dp_size")),
        Text(answer.Json, "version"),
        Text(answer.Json, "served_model_name"),
        Number(answer.Json, "dp_size"));

    /// <summary>SGLang's <c>GET /get_model_info</c>.</summary>
    public static string? ReadModelPath(HttpAnswer answer) => Text(answer.Json, "model_path");

    private static JsonElement? Property(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) ? value : null;

    private static bool Has(JsonElement? json, string name) => Property(json, name) is not null;

    private static string? Text(JsonElement? json, string name) =>
        Property(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static int? Number(JsonElement? json, string name) =>
        Property(json, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;
}

/// <param name="IsSgLang">True if the answer can only be SGLang's.</param>
/// <param name="Version">The engine's version.</param>
/// <param name="ServedModel">The name under which it serves its model.</param>
/// <param name="DataParallelSize">Its number of data-parallel ranks.</param>
internal readonly record struct ServerInfo(bool IsSgLang, string? Version, string? ServedModel, int? DataParallelSize);
