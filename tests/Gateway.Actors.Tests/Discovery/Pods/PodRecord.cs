using System.Text.Json.Nodes;

namespace Gateway.Actors.Tests.Discovery.Pods;

/// <summary>A pod as the API server keeps it.</summary>
internal sealed record PodRecord(string Uid, string Ip)
{
    public string App { get; init; } = "llama";

    public string Namespace { get; init; } = "default";

    public bool IsReady { get; init; } = true;

    public bool IsTerminating { get; init; }

    public string Phase { get; init; } = "Running";

    /// <summary>Seconds since the beginning of its time.</summary>
    public int Created { get; init; }

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public JsonObject ToJson(long version) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Pod",
        ["metadata"] = new JsonObject
        {
            ["name"] = $"pod-{Uid}",
            ["namespace"] = Namespace,
            ["uid"] = Uid,
            ["resourceVersion"] = $"{version}",
            ["creationTimestamp"] = Text(DateTime.UnixEpoch.AddSeconds(Created)),
            ["deletionTimestamp"] = IsTerminating ? Text(DateTime.UnixEpoch.AddDays(1)) : null,
            ["labels"] = new JsonObject { ["app"] = App, ["model"] = "from-label" },
            ["annotations"] = new JsonObject(Annotations.Select(static pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value))),
        },
        ["spec"] = new JsonObject { ["containers"] = new JsonArray() },
        ["status"] = new JsonObject
        {
            ["phase"] = Phase,
            ["podIP"] = Ip,
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = IsReady ? "True" : "False" }),
        },
    };

    private static string Text(DateTime time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
}
