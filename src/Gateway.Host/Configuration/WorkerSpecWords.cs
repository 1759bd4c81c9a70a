using Gateway.Actors.Workers;

namespace Gateway.Host.Configuration;

/// <summary>The words of the worker format, for reading and for writing.</summary>
internal static class WorkerSpecWords
{
    public static IReadOnlyDictionary<string, WorkerRole> Roles { get; } = new OrderedDictionary<string, WorkerRole>
    {
        ["regular"] = WorkerRole.Regular,
        ["prefill"] = WorkerRole.Prefill,
        ["decode"] = WorkerRole.Decode,
    };

    public static IReadOnlyDictionary<string, ConnectionMode> Modes { get; } = new OrderedDictionary<string, ConnectionMode>
    {
        ["http"] = ConnectionMode.Http,
        ["grpc"] = ConnectionMode.Grpc,
    };

    public static IReadOnlyDictionary<string, EngineRuntime> Runtimes { get; } = new OrderedDictionary<string, EngineRuntime>
    {
        ["unspecified"] = EngineRuntime.Unspecified,
        ["sglang"] = EngineRuntime.SgLang,
        ["vllm"] = EngineRuntime.Vllm,
        ["trtllm"] = EngineRuntime.TensorRtLlm,
        ["external"] = EngineRuntime.External,
    };

    /// <returns>Null for a value that has no word.</returns>
    public static string? WordOf<T>(this IReadOnlyDictionary<string, T> words, T value)
        where T : struct => words.FirstOrDefault(pair => pair.Value.Equals(value)).Key;
}
