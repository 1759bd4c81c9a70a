using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.Actors.Engines;

/// <summary>Reads an engine's load from what SGLang and vLLM tell over HTTP.</summary>
internal static partial class EngineLoadReader
{
    /// <summary>What is passed on of a rank's load.</summary>
    private static readonly string[] RankFields =
    [
        "dp_rank", "num_running_reqs", "num_waiting_reqs", "num_waiting_uncached_tokens", "num_total_reqs", "num_used_tokens",
        "max_total_num_tokens", "token_usage", "gen_throughput", "cache_hit_rate", "utilization", "max_running_requests",
        "kv_transfer_latency_ms", "kv_transfer_speed_gb_s", "prefill_queue_reqs", "decode_queue_reqs", "disagg_mode",
    ];

    /// <summary>SGLang's <c>/v1/loads</c>: <c>{loads: [...]}</c> with the fields as they are passed on.</summary>
    public static EngineLoadReport? ReadSgLangLoads(byte[] body)
    {
        if (ParseJson(body) is not { ValueKind: JsonValueKind.Object } root
            || !root.TryGetProperty("loads", out var loads) || loads.ValueKind != JsonValueKind.Array)
            return null;
        return FromRanks(loads.EnumerateArray().Select(static rank => RankFields
            .Where(name => rank.ValueKind == JsonValueKind.Object && rank.TryGetProperty(name, out _))
            .ToDictionary(static name => name, name => rank.GetProperty(name))));
    }

    /// <summary>Older SGLang's <c>/get_load</c>: a list with other names.</summary>
    public static EngineLoadReport? ReadSgLangLoad(byte[] body)
    {
        if (ParseJson(body) is not { ValueKind: JsonValueKind.Array } ranks)
            return null;
        return FromRanks(ranks.EnumerateArray().Where(static rank => rank.ValueKind == JsonValueKind.Object).Select(static rank =>
        {
            var fields = new Dictionary<string, JsonElement>();
            foreach (var (theirs, ours) in new[] { ("dp_rank", "dp_rank"), ("num_reqs", "num_total_reqs"), ("num_waiting_reqs", "num_waiting_reqs"), ("num_tokens", "num_used_tokens") })
            {
                if (rank.TryGetProperty(theirs, out var value))
                    fields[ours] = value;
            }

            return fields;
        }));
    }

    /// <summary>
    /// vLLM's <c>/metrics</c>, whose samples carry the number of their data-parallel rank under <c>engine</c>. It tells the share of its
    /// cache that is in use; with the size of the cache, if that is told too, this is a number of tokens.
    /// </summary>
    public static EngineLoadReport? ReadVllmMetrics(string text)
    {
        var samples = Sample().Matches(text)
            .Select(static match => new VllmSample(
                match.Groups["name"].Value,
                match.Groups["labels"].Value,
                double.TryParse(match.Groups["value"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : double.NaN))
            .Where(static sample => double.IsFinite(sample.Value))
            .ToLookup(static sample => Label(sample.Labels, "engine"));
        Dictionary<string, JsonElement>[] ranks = [.. samples.OrderBy(static rank => rank.Key).Select(static rank => VllmRank(rank.Key, [.. rank])).OfType<Dictionary<string, JsonElement>>()];
        if (ranks.Length == 0)
            return null;
        VllmSample[] processed = [.. samples.SelectMany(static rank => rank).Where(static sample => sample.Name is "prompt_tokens_total" or "generation_tokens_total")];
        return FromRanks(ranks) with
        {
            TokensProcessed = processed.Length == 0 ? null : processed.Sum(static sample => sample.Value),
        };
    }

    /// <returns>Null if it says nothing of its cache, which every rank does.</returns>
    private static Dictionary<string, JsonElement>? VllmRank(long rank, VllmSample[] samples)
    {
        var usages = samples.Where(static sample => sample.Name is "kv_cache_usage_perc" or "gpu_cache_usage_perc").ToArray();
        if (usages.Length == 0)
            return null;
        var usage = usages.Average(static sample => sample.Value);
        var capacity = samples
            .Where(static sample => sample.Name == "cache_config_info")
            .Sum(static sample => Label(sample.Labels, "num_gpu_blocks") * Label(sample.Labels, "block_size"));
        var fields = new Dictionary<string, JsonElement>
        {
            ["dp_rank"] = Json(rank),
            ["num_running_reqs"] = Json((long)Sum("num_requests_running")),
            ["num_waiting_reqs"] = Json((long)Sum("num_requests_waiting")),
            ["token_usage"] = Json(usage),
        };
        if (capacity > 0)
        {
            fields["num_used_tokens"] = Json((long)Math.Round(usage * capacity));
            fields["max_total_num_tokens"] = Json(capacity);
        }

        return fields;

        double Sum(string name) => samples.Where(sample => sample.Name == name).Sum(static sample => sample.Value);
    }

    public static EngineLoadReport FromRanks(IEnumerable<Dictionary<string, JsonElement>> ranks)
    {
        Dictionary<string, JsonElement>[] all = [.. ranks];
        long used = 0;
        foreach (var rank in all)
        {
            if (!rank.TryGetValue("num_used_tokens", out var tokens) || tokens.ValueKind != JsonValueKind.Number || !tokens.TryGetInt64(out var count))
                return new EngineLoadReport(-1, all);
            used += count;
        }

        return new EngineLoadReport(all.Length == 0 ? -1 : used, all);
    }

    private static JsonElement? ParseJson(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static long Label(string labels, string name) =>
        long.TryParse(Regex.Match(labels, $"(?:^|,){name}=\"(\\d+)\"").Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static JsonElement Json(long value) => JsonSerializer.SerializeToElement(value);

    private static JsonElement Json(double value) => JsonSerializer.SerializeToElement(value);

    [GeneratedRegex("""^vllm:(?<name>[a-z_]+)(\{(?<labels>[^}]*)\})? (?<value>\S+)""", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();

    private readonly record struct VllmSample(string Name, string Labels, double Value);
}
