using System.Collections.Frozen;

namespace Gateway.Simulator.Api;

/// <summary>Which paths a worker has, by the runtime that it plays.</summary>
internal static class EndpointTable
{
    private static readonly Endpoint _model = Endpoint.Probe(Probes.ModelAsync);

    private static readonly Dictionary<string, Endpoint> _common = new()
    {
        ["/health"] = Endpoint.Probe(Probes.HealthAsync) with { NeedsKey = false },
        ["/health_generate"] = Endpoint.Probe(Probes.HealthAsync) with { NeedsKey = false },
        ["/v1/models"] = Endpoint.Probe(Probes.ModelsAsync),
        ["/v1/chat/completions"] = Endpoint.Post(ChatCompletions.HandleAsync),
        ["/simulator/stats"] = Admin(["GET"], AdminEndpoints.StatsAsync),
        ["/simulator/faults"] = Admin(["GET", "PUT", "DELETE"], AdminEndpoints.FaultsAsync),
        ["/simulator/crash"] = Admin(["POST"], AdminEndpoints.CrashAsync),
    };

    private static readonly FrozenDictionary<string, Endpoint> _sgLang = _common.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Endpoint> _vllm = _common.ToFrozenDictionary();

    public static Endpoint? Find(SimulatorOptions options, string path)
    {
        var table = options.Runtime == SimulatedRuntime.Vllm ? _vllm : _sgLang;
        if (table.TryGetValue(path, out var endpoint))
            return endpoint;
        return path.StartsWith("/v1/models/", StringComparison.Ordinal) ? _model : null;
    }

    private static Endpoint Admin(string[] methods, Func<Exchange, Task> handle) =>
        new(EndpointKind.Admin, methods, handle) { NeedsKey = false, NeedsModel = false };
}
