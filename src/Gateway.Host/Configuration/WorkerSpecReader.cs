using System.Text.Json;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;

namespace Gateway.Host.Configuration;

/// <summary>
/// Reads workers from JSON, with the field names of the Shepherd Model Gateway, for the control plane and the workers file alike.
/// Fields of that gateway that ours has no use for are accepted and ignored; those of neither are refused.
/// </summary>
/// <remarks>All methods throw <see cref="FormatException"/> with a message that names the field.</remarks>
internal static class WorkerSpecReader
{
    private const double LongestWait = 86_400;

    private static readonly string[] IgnoredFields =
    [
        "provider", "bootstrap_host", "dp_base_url", "kv_connector", "kv_role", "kv_engine_id", "kv_block_size", "http_pool",
        "max_connection_attempts", "load_monitor_interval_secs", "multimodal_tensor_transport", "multimodal_shm_min_bytes",
        "zmq_handshake_address", "overload",
    ];

    private static readonly string[] IgnoredCardFields =
    [
        "display_name", "model_type", "hf_model_type", "architectures", "provider", "tokenizer_path", "chat_template",
        "reasoning_parser", "tool_parser", "metadata", "id2label", "num_labels",
    ];

    /// <param name="json">One worker.</param>
    /// <param name="path">Where it stands in its document, for error messages.</param>
    /// <param name="alsoIgnored">Further fields to accept, such as those that only answers have.</param>
    public static WorkerSpec Read(JsonElement json, string path = "", IEnumerable<string>? alsoIgnored = null)
    {
        var fields = new JsonFields(json, path);
        var (breaker, retry) = WorkerResilience.Read(fields);
        var spec = new WorkerSpec
        {
            Url = ReadUrl(fields),
            Models = ReadModels(fields),
            Role = fields.OneOf("worker_type", WorkerSpecWords.Roles) ?? WorkerRole.Regular,
            Runtime = fields.OneOf("runtime_type", WorkerSpecWords.Runtimes)
                ?? fields.OneOf("runtime", WorkerSpecWords.Runtimes)
                ?? EngineRuntime.Unspecified,
            Health = ReadHealth(fields),
            Breaker = breaker,
            Retry = retry,
            ApiKey = Secret.FromNullable(fields.Text("api_key")),
            ServerName = ReadServerName(fields),
            BootstrapPort = fields.Integer("bootstrap_port", 1, 65535),
            DataParallelSize = fields.Integer("dp_size", 1, WorkerUrl.LargestRank + 1),
        };
        if (spec.Url.Rank >= spec.DataParallelSize)
            throw fields.Wrong("dp_size", $"{spec.DataParallelSize} ranks, counted from 0, have no rank {spec.Url.Rank}");
        spec = spec with
        {
            Labels = ReadLabels(fields) ?? spec.Labels,
            Priority = ReadPriority(fields) ?? spec.Priority,
            Cost = ReadCost(fields) ?? spec.Cost,
        };
        // Both names of the runtime are known, also when the first one was there.
        fields.Ignore([.. IgnoredFields, "runtime", .. alsoIgnored ?? []]);
        fields.RefuseOthers();
        return spec;
    }

    /// <summary>Reads a list of workers.</summary>
    public static EquatableArray<WorkerSpec> ReadList(JsonElement json, string path)
    {
        if (json.ValueKind != JsonValueKind.Array)
            throw new FormatException($"{path}: must be a list of workers");
        WorkerSpec[] specs = [.. json.EnumerateArray().Select((item, index) => ReadListed(item, $"{path}[{index}]"))];
        var twice = specs.GroupBy(static spec => spec.Url.Place).FirstOrDefault(static group => group.Count() > 1);
        if (twice is not null)
            throw new FormatException($"{path}: '{twice.First().Url}' occurs more than once");
        var wholes = specs.Where(static spec => spec.Url.Rank is null).Select(static spec => spec.Url.Engine).ToHashSet(StringComparer.Ordinal);
        var rank = Array.Find(specs, spec => spec.Url.Rank is not null && wholes.Contains(spec.Url.Engine));
        return rank is null ? [.. specs] : throw new FormatException($"{path}: '{rank.Url}' is a rank of an engine that is listed as a whole");
    }

    /// <summary>Reads what a PATCH may change.</summary>
    public static WorkerPatch ReadPatch(JsonElement json)
    {
        var fields = new JsonFields(json);
        var patch = new WorkerPatch
        {
            Priority = ReadPriority(fields),
            Cost = ReadCost(fields),
            Labels = ReadLabels(fields),
            ApiKey = Secret.FromNullable(fields.Text("api_key")),
            Health = ReadHealth(fields),
        };
        fields.RefuseOthers();
        return patch;
    }

    /// <summary>In a list a worker may be just its URL.</summary>
    private static WorkerSpec ReadListed(JsonElement item, string path)
    {
        if (item.ValueKind != JsonValueKind.String)
            return Read(item, path);
        return WorkerUrl.TryParse(item.GetString(), out var url, out var error)
            ? new WorkerSpec { Url = url }
            : throw new FormatException($"{path}: {error}");
    }

    private static string? ReadServerName(JsonFields fields) =>
        fields.Text("tls_server_name") is not { } name ? null
        : Uri.CheckHostName(name) == UriHostNameType.Dns ? name
        : throw fields.Wrong("tls_server_name", "must be a host name");

    private static WorkerUrl ReadUrl(JsonFields fields)
    {
        var text = fields.Text("url") ?? throw fields.Wrong("url", "is missing");
        var mode = fields.OneOf("connection_mode", WorkerSpecWords.Modes);
        if (!WorkerUrl.TryParse(text, out var url, out var error))
            throw fields.Wrong("url", error);
        if (mode is not null && mode != url.Mode)
        {
            url = url.Mode == ConnectionMode.Auto
                ? WorkerUrl.Parse($"{WorkerSpecWords.Modes.WordOf(mode.Value)}://{text}")
                : throw fields.Wrong("connection_mode", $"contradicts the URL '{url}'");
        }

        if (fields.Integer("dp_rank", 0, WorkerUrl.LargestRank) is not { } rank || rank == url.Rank)
            return url;
        return url.Rank is null ? url.OfRank(rank) : throw fields.Wrong("dp_rank", $"contradicts the URL '{url}'");
    }

    private static EquatableArray<ModelCard> ReadModels(JsonFields fields)
    {
        var modelId = fields.Text("model_id");
        ModelCard[] cards = fields.Any("models") switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select((item, index) => ReadCard(item, $"{fields.PathOf("models")}[{index}]"))],
            { } single => [ReadCard(single, fields.PathOf("models"))],
        };
        if (cards.Length == 0)
            return modelId is null ? [] : [new ModelCard(modelId)];
        if (modelId is not null && cards[0].Id != modelId)
            throw fields.Wrong("model_id", "is not the first of models; give models alone");
        return cards.DistinctBy(static card => card.Id).Count() == cards.Length
            ? [.. cards]
            : throw fields.Wrong("models", "names a model twice");
    }

    private static ModelCard ReadCard(JsonElement json, string path)
    {
        if (json.ValueKind == JsonValueKind.String && json.GetString() is { Length: > 0 } id)
            return new ModelCard(id);
        var fields = new JsonFields(json, path);
        var card = new ModelCard(
            fields.Text("id") ?? throw fields.Wrong("id", "is missing"),
            ReadAliases(fields),
            fields.Integer("context_length", 1, int.MaxValue));
        fields.Ignore(IgnoredCardFields);
        fields.RefuseOthers();
        return card;
    }

    private static EquatableArray<string> ReadAliases(JsonFields fields) => fields.Any("aliases") switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String) =>
            [.. list.EnumerateArray().Select(static item => item.GetString()!)],
        _ => throw fields.Wrong("aliases", "must be a list of texts"),
    };

    private static Labels? ReadLabels(JsonFields fields) => fields.Pairs("labels") is { } pairs ? new Labels(pairs) : null;

    private static int? ReadPriority(JsonFields fields) => fields.Integer("priority", 0, int.MaxValue);

    private static double? ReadCost(JsonFields fields) => fields.Number("cost", 0, 1e9);

    private static HealthOverrides? ReadHealth(JsonFields worker)
    {
        if (worker.Object("health") is not { } fields)
            return null;
        var health = new HealthOverrides
        {
            Timeout = fields.Seconds("timeout_secs", 0.01, 3600),
            Interval = fields.Seconds("check_interval_secs", 0.1, LongestWait),
            SuccessThreshold = fields.Integer("success_threshold", 1, 1000),
            FailureThreshold = fields.Integer("failure_threshold", 1, 1000),
            Disabled = fields.Switch("disable_health_check"),
            DrainTimeout = fields.Seconds("drain_timeout_secs", 0, LongestWait) ?? fields.Seconds("drain_settle_secs", 0, LongestWait),
        };
        fields.Ignore("drain_settle_secs");
        fields.RefuseOthers();
        return health == new HealthOverrides() ? null : health;
    }
}
