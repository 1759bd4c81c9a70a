using System.Text.Json.Nodes;

namespace Gateway.Host.Commands;

/// <summary>A worker of <c>GET /workers</c>, as far as commands look at it.</summary>
internal sealed record WorkerRow(JsonObject Json)
{
    /// <summary>Of an id, in tables: enough to name one worker of thousands.</summary>
    private const int ShownId = 8;

    public string Id => Text("id");

    public string ShortId => Id[..Math.Min(Id.Length, ShownId)];

    public string Url => Text("url");

    public string Role => Text("worker_type");

    public string Status => Text("status");

    public string Reason => Text("reason");

    public string Breaker => Text("breaker");

    public long Load => Number("load");

    /// <summary>It is a rank by which another one is served, which is in the list too.</summary>
    public bool IsRankOfAnother => Json["belongs_to"] is not null;

    public IEnumerable<JsonObject> Models => (Json["models"] as JsonArray ?? []).OfType<JsonObject>();

    public Cell StatusCell => new(Status, Status switch
    {
        "ready" => Tone.Good,
        "failed" or "not_ready" => Tone.Bad,
        _ => Tone.Warning,
    });

    public Cell BreakerCell => new(Breaker, Breaker == "closed" ? Tone.Plain : Tone.Bad);

    /// <summary>All workers, in order of registration.</summary>
    public static IReadOnlyList<WorkerRow> ListOf(JsonObject answer) =>
        [.. (answer["workers"] as JsonArray ?? []).OfType<JsonObject>().Select(static worker => new WorkerRow(worker))];

    public string ModelNames => string.Join(',', Models.Select(static model => model["id"]?.ToString() ?? ""));

    private string Text(string field) => Json[field]?.ToString() ?? "";

    private long Number(string field) => Json[field] is JsonValue value && value.TryGetValue<long>(out var number) ? number : 0;
}
