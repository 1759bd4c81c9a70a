using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

/// <summary>A prefill and a decode worker, and what a gateway does to bring them together.</summary>
internal sealed class WorkerPair : IAsyncDisposable
{
    private static long _rooms;

    private WorkerPair(SimulatedWorker prefill, SimulatedWorker decode)
    {
        Prefill = prefill;
        Decode = decode;
        PrefillClient = new WorkerClient(prefill);
        DecodeClient = new WorkerClient(decode);
    }

    public SimulatedWorker Prefill { get; }

    public SimulatedWorker Decode { get; }

    public WorkerClient PrefillClient { get; }

    public WorkerClient DecodeClient { get; }

    public static async Task<WorkerPair> StartAsync(SimulatorOptions? options = null)
    {
        options ??= new SimulatorOptions { Timings = EngineTimings.Instant };
        return new WorkerPair(
            await SimulatedWorker.StartAsync(options with { Role = SimulatorRole.Prefill, Name = "prefill" }),
            await SimulatedWorker.StartAsync(options with { Role = SimulatorRole.Decode, Name = "decode" }));
    }

    public static JsonObject Completion(string prompt, int tokens = 20) => new() { ["prompt"] = prompt, ["max_tokens"] = tokens };

    /// <summary>The request as both workers are to get it.</summary>
    public JsonObject Meet(JsonObject request, JsonNode? room = null)
    {
        var met = request.DeepClone().AsObject();
        met["bootstrap_host"] = "127.0.0.1";
        met["bootstrap_port"] = Prefill.BootstrapPort;
        met["bootstrap_room"] = room ?? Interlocked.Increment(ref _rooms);
        return met;
    }

    /// <summary>The answers of both to one request.</summary>
    public async Task<(JsonNode Prefill, JsonNode Decode)> AskAsync(string path, JsonObject request)
    {
        var met = Meet(request);
        var prefill = PrefillClient.PostJsonAsync(path, met);
        var decode = DecodeClient.PostJsonAsync(path, met);
        return (await prefill, await decode);
    }

    public async ValueTask DisposeAsync()
    {
        PrefillClient.Dispose();
        DecodeClient.Dispose();
        await Prefill.DisposeAsync();
        await Decode.DisposeAsync();
    }
}
