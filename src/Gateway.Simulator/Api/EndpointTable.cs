using System.Collections.Frozen;

namespace Gateway.Simulator.Api;

/// <summary>Which paths a worker has, by the runtime that it plays.</summary>
internal static class EndpointTable
{
    private static readonly ApiEndpoint _model = ApiEndpoint.Probe(Probes.ModelAsync);

    private static readonly Dictionary<string, ApiEndpoint> _common = new()
    {
        ["/health"] = ApiEndpoint.Probe(Probes.HealthAsync) with { NeedsKey = false },
        ["/health_generate"] = ApiEndpoint.Probe(Probes.HealthAsync) with { NeedsKey = false },
        ["/v1/models"] = ApiEndpoint.Probe(Probes.ModelsAsync),
        ["/v1/chat/completions"] = ApiEndpoint.Post(ChatCompletions.HandleAsync),
        ["/v1/completions"] = ApiEndpoint.Post(Completions.HandleAsync),
        ["/v1/embeddings"] = ApiEndpoint.Post(Embeddings.HandleAsync),
        ["/v1/rerank"] = ApiEndpoint.Post(Rerank.HandleAsync),
        ["/rerank"] = ApiEndpoint.Post(Rerank.HandleAsync),
        ["/v1/classify"] = ApiEndpoint.Post(Classify.HandleAsync),
        ["/classify"] = ApiEndpoint.Post(Classify.HandleAsync),
        ["/flush_cache"] = new ApiEndpoint(EndpointKind.Probe, ["GET", "POST"], SgLangEndpoints.FlushCacheAsync),
        ["/simulator/stats"] = Admin(["GET"], AdminEndpoints.StatsAsync),
        ["/simulator/faults"] = Admin(["GET", "PUT", "DELETE"], AdminEndpoints.FaultsAsync),
        ["/simulator/crash"] = Admin(["POST"], AdminEndpoints.CrashAsync),
    };

    private static readonly Dictionary<string, ApiEndpoint> _sgLang = new(_common)
    {
        ["/get_model_info"] = ApiEndpoint.Probe(SgLangEndpoints.ModelInfoAsync),
        ["/model_info"] = ApiEndpoint.Probe(SgLangEndpoints.ModelInfoAsync),
        ["/get_server_info"] = ApiEndpoint.Probe(SgLangEndpoints.ServerInfoAsync),
        ["/server_info"] = ApiEndpoint.Probe(SgLangEndpoints.ServerInfoAsync),
        ["/get_load"] = ApiEndpoint.Probe(SgLangEndpoints.LoadAsync),
        ["/v1/loads"] = ApiEndpoint.Probe(SgLangEndpoints.LoadsAsync),
        ["/metrics"] = ApiEndpoint.Probe(Metrics.SgLangAsync) with { NeedsKey = false },
        ["/generate"] = ApiEndpoint.Post(Generate.HandleAsync),
        ["/abort_request"] = ApiEndpoint.Post(SgLangEndpoints.AbortAsync),
    };

    private static readonly Dictionary<string, ApiEndpoint> _vllm = new(_common)
    {
        ["/version"] = ApiEndpoint.Probe(VllmEndpoints.VersionAsync),
        ["/ping"] = ApiEndpoint.Probe(Probes.HealthAsync) with { NeedsKey = false },
        ["/metrics"] = ApiEndpoint.Probe(Metrics.VllmAsync) with { NeedsKey = false },
        ["/reset_prefix_cache"] = new ApiEndpoint(EndpointKind.Probe, ["POST"], VllmEndpoints.ResetPrefixCacheAsync),
    };

    private static readonly FrozenDictionary<(SimulatedRuntime, SimulatorMode), FrozenDictionary<string, ApiEndpoint>> _tables =
        new Dictionary<(SimulatedRuntime, SimulatorMode), FrozenDictionary<string, ApiEndpoint>>
        {
            [(SimulatedRuntime.SgLang, SimulatorMode.Simulated)] = _sgLang.ToFrozenDictionary(),
            [(SimulatedRuntime.SgLang, SimulatorMode.Canned)] = Canned(_sgLang),
            [(SimulatedRuntime.Vllm, SimulatorMode.Simulated)] = _vllm.ToFrozenDictionary(),
            [(SimulatedRuntime.Vllm, SimulatorMode.Canned)] = Canned(_vllm),
        }.ToFrozenDictionary();

    public static FrozenDictionary<string, ApiEndpoint> For(SimulatorOptions options) => _tables[(options.Runtime, options.Mode)];

    public static ApiEndpoint? Find(FrozenDictionary<string, ApiEndpoint> table, string path)
    {
        if (table.TryGetValue(path, out var endpoint))
            return endpoint;
        return path.StartsWith("/v1/models/", StringComparison.Ordinal) ? _model : null;
    }

    private static FrozenDictionary<string, ApiEndpoint> Canned(Dictionary<string, ApiEndpoint> table) =>
        new Dictionary<string, ApiEndpoint>(table)
        {
            ["/v1/chat/completions"] = ApiEndpoint.Post(CannedEndpoints.ChatAsync),
            ["/v1/completions"] = ApiEndpoint.Post(CannedEndpoints.CompletionAsync),
        }.ToFrozenDictionary();

    private static ApiEndpoint Admin(string[] methods, Func<Exchange, Task> handle) =>
        new(EndpointKind.Admin, methods, handle) { NeedsKey = false, NeedsModel = false };
}
