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

    /// <summary>SGLang's <c>GET /get_server_info</c>, or <c>/server_info</c>: the server's arguments, among much else.</summary>
    public static ServerInfo ReadServerInfo(HttpAnswer answer) => new(
        IsSgLang: answer.Json is not null && (Has(answer.Json, "internal_states") || Has(answer.Json, "tp_size") || Has(answer.Json, "dp_size")),
        Text(answer.Json, "version"),
        Text(answer.Json, "served_model_name"),
        Number(answer.Json, "dp_size"),
        ReadMaxRunning(answer.Json));

    /// <summary>SGLang's <c>GET /get_model_info</c>.</summary>
    public static string? ReadModelPath(HttpAnswer answer) => Text(answer.Json, "model_path");

    /// <summary>
    /// What the schedulers have settled on counts before the argument at the top, which is only what was asked for: they take less if
    /// memory does not allow it, and without data-parallel attention it is meant for each rank by itself.
    /// </summary>
    private static int? ReadMaxRunning(JsonElement? json) =>
        OfAllRanks(json, "effective_max_running_requests_per_dp")
        ?? Positive(json, "max_running_requests")
        ?? OfAllRanks(json, "max_running_requests");

    /// <summary>
    /// The sum of a figure over the ranks, each of which has a state of its own. Should fewer of them be shown than there are, the others
    /// are taken to be alike.
    /// </summary>
    private static int? OfAllRanks(JsonElement? json, string name)
    {
        if (Property(json, "internal_states") is not { ValueKind: JsonValueKind.Array } states || states.GetArrayLength() == 0)
            return null;
        long sum = 0;
        foreach (var state in states.EnumerateArray())
        {
            if (Positive(state, name) is not { } most)
                return null;
            sum += most;
        }

        var count = states.GetArrayLength();
        var ranks = Math.Max(count, Positive(json, "dp_size") ?? count);
        return (int)Math.Min(sum * (double)ranks / count, int.MaxValue);
    }

    private static JsonElement? Property(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value) ? value : null;

    private static bool Has(JsonElement? json, string name) => Property(json, name) is not null;

    private static string? Text(JsonElement? json, string name) =>
        Property(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static int? Positive(JsonElement? json, string name) => Number(json, name) is { } number && number > 0 ? number : null;

    private static int? Number(JsonElement? json, string name) =>
        Property(json, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out var number) ? number : null;
}

/// <param name="IsSgLang">True if the answer can only be SGLang's.</param>
/// <param name="Version">The engine's version.</param>
/// <param name="ServedModel">The name under which it serves its model.</param>
/// <param name="DataParallelSize">Its number of data-parallel ranks.</param>
/// <param name="MaxRunningRequests">How many requests it runs at once, over all its ranks.</param>
internal readonly record struct ServerInfo(
    bool IsSgLang, string? Version, string? ServedModel, int? DataParallelSize, int? MaxRunningRequests);
