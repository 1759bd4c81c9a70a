using System.Text.Json.Nodes;

namespace Gateway.Host.Commands;

/// <summary>A model as its workers have it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Aliases">Its other names.</param>
/// <param name="Workers">Workers that serve it, in whatever state; the ranks that one is served by count as one.</param>
/// <param name="Ready">Those of them that take requests.</param>
/// <param name="Roles">Which there are.</param>
/// <param name="Load">Requests on its workers now, those of their other models included.</param>
/// <param name="ContextLength">The smallest that is known, in tokens.</param>
internal sealed record ServedModel(
    string Id, IReadOnlyList<string> Aliases, int Workers, int Ready, IReadOnlyList<string> Roles, long Load, long? ContextLength)
{
    public static IReadOnlyList<ServedModel> ListOf(IReadOnlyList<WorkerRow> workers)
    {
        // The gateway lists a worker's ranks beside it; their requests are theirs.
        var loads = workers.ToLookup(static worker => worker.Json["belongs_to"]?.ToString() ?? worker.Id, static worker => worker.Load);
        return
        [
            .. workers.Where(static worker => !worker.IsRankOfAnother)
                .SelectMany(static worker => worker.Models, static (worker, card) => (Worker: worker, Card: card))
                .GroupBy(static pair => pair.Card["id"]?.ToString() ?? "", StringComparer.Ordinal)
                .OrderBy(static group => group.Key, StringComparer.Ordinal)
                .Select(group => new ServedModel(
                    group.Key,
                    [.. group.SelectMany(static pair => (pair.Card["aliases"] as JsonArray ?? []).Select(static alias => $"{alias}")).Distinct()],
                    group.Count(),
                    group.Count(static pair => pair.Worker.Status == "ready"),
                    [.. group.Select(static pair => pair.Worker.Role).Distinct()],
                    group.Sum(pair => loads[pair.Worker.Id].Sum()),
                    group.Min(static pair => LengthOf(pair.Card) ?? DiscoveredLength(pair.Worker, pair.Card)))),
        ];
    }

    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["aliases"] = new JsonArray([.. Aliases.Select(static alias => JsonValue.Create(alias))]),
        ["workers"] = Workers,
        ["ready"] = Ready,
        ["roles"] = new JsonArray([.. Roles.Select(static role => JsonValue.Create(role))]),
        ["load"] = Load,
        ["context_length"] = ContextLength,
    };

    private static long? DiscoveredLength(WorkerRow worker, JsonObject card) =>
        (worker.Json["discovered"]?["models"] as JsonArray ?? []).OfType<JsonObject>()
            .Where(found => $"{found["id"]}" == $"{card["id"]}").Select(LengthOf).FirstOrDefault();

    private static long? LengthOf(JsonObject card) => card["context_length"] is JsonValue value && value.TryGetValue<long>(out var length) ? length : null;
}
