using System.Buffers;
using System.Text.Json;
using Gateway.Actors.Engines.Administration;
using Gateway.Actors.Workers;

namespace Gateway.Host.Api.Admin.Engines;

/// <summary>What operators can have engines do. SGLang's names over HTTP are the common ones; vLLM has some of its own.</summary>
internal static class EngineOperations
{
    /// <summary>A profile is written to a disk when it ends, which may take minutes.</summary>
    private static readonly TimeSpan ProfileTimeout = TimeSpan.FromSeconds(630);

    /// <summary>An adapter is read from a disk, or fetched.</summary>
    private static readonly TimeSpan AdapterTimeout = TimeSpan.FromSeconds(300);

    public static EngineOperation FlushCache { get; } = new()
    {
        Timeout = TimeSpan.FromSeconds(45),
        Path = static runtime => runtime == EngineRuntime.Vllm ? "reset_prefix_cache" : "flush_cache",
        // Over HTTP neither engine waits for running requests, unless told to.
        OverGrpc = static (client, deadline, stop) => client.FlushCacheAsync(TimeSpan.Zero, deadline, stop),
    };

    public static EngineOperation StopProfile { get; } = new()
    {
        Timeout = ProfileTimeout,
        Path = static _ => "stop_profile",
        OverGrpc = static (client, deadline, stop) => client.StopProfileAsync(deadline, stop),
    };

    public static EngineOperation StartProfile(ProfileSettings settings) => new()
    {
        Timeout = ProfileTimeout,
        Path = static _ => "start_profile",
        Body = Json(json => Write(json, settings)),
        OverGrpc = (client, deadline, stop) => client.StartProfileAsync(settings, deadline, stop),
    };

    public static EngineOperation LoadAdapter(LoraAdapter adapter) => new()
    {
        Timeout = AdapterTimeout,
        Path = static runtime => runtime == EngineRuntime.Vllm ? "v1/load_lora_adapter" : "load_lora_adapter",
        Body = Json(json =>
        {
            json.WriteString("lora_name"u8, adapter.Name);
            json.WriteString("lora_path"u8, adapter.Path);
            if (adapter.IsPinned)
                json.WriteBoolean("pinned"u8, true);
        }),
        OverGrpc = (client, deadline, stop) => client.LoadAdapterAsync(adapter, deadline, stop),
    };

    public static EngineOperation UnloadAdapter(LoraAdapter adapter) => new()
    {
        Timeout = AdapterTimeout,
        Path = static runtime => runtime == EngineRuntime.Vllm ? "v1/unload_lora_adapter" : "unload_lora_adapter",
        Body = Json(json => json.WriteString("lora_name"u8, adapter.Name)),
        OverGrpc = (client, deadline, stop) => client.UnloadAdapterAsync(adapter, deadline, stop),
    };

    private static void Write(Utf8JsonWriter json, ProfileSettings settings)
    {
        if (settings.OutputFolder is { } folder)
            json.WriteString("output_dir"u8, folder);
        if (settings.StartStep is { } start)
            json.WriteNumber("start_step"u8, start);
        if (settings.Steps is { } steps)
            json.WriteNumber("num_steps"u8, steps);
        if (settings.Activities.Count > 0)
        {
            json.WriteStartArray("activities"u8);
            foreach (var activity in settings.Activities)
                json.WriteStringValue(activity);
            json.WriteEndArray();
        }

        if (settings.WithStack is { } withStack)
            json.WriteBoolean("with_stack"u8, withStack);
        if (settings.RecordShapes is { } shapes)
            json.WriteBoolean("record_shapes"u8, shapes);
        if (settings.ByStage)
            json.WriteBoolean("profile_by_stage"u8, true);
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}
