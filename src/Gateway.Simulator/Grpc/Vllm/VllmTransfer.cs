using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Simulator.Api;
using Gateway.Simulator.Disaggregation;

namespace Gateway.Simulator.Grpc.Vllm;

/// <summary>
/// What a request's <c>kv_transfer_params</c> ask for, in the form of the NIXL connector or, if there is a <c>transfer_id</c>, of Mooncake's.
/// </summary>
/// <param name="KeepsCache">True for a prefill whose keys and values a decode worker will fetch.</param>
/// <param name="Room">Where they are; null for a request that is served as any other.</param>
internal sealed record VllmTransfer(bool KeepsCache, RoomAddress? Room)
{
    // Real ones say in which blocks of the cache it is; here the room knows.
    private static readonly int[] _blocks = [0];

    public static VllmTransfer None { get; } = new(KeepsCache: false, null);

    /// <param name="json">As the request has it.</param>
    /// <param name="requestId">Of the request: NIXL names a transfer after its prefill.</param>
    /// <param name="isMooncake">The worker's connector.</param>
    /// <exception cref="ApiException">Something is missing or no JSON.</exception>
    public static VllmTransfer Read(string json, string requestId, bool isMooncake)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement, requestId, isMooncake);
        }
        catch (JsonException error)
        {
            throw Invalid(error.Message);
        }
    }

    /// <summary>What a prefill with the NIXL connector answers: what its decode is to be asked with.</summary>
    public static string Answer(string requestId, string engineId, string host, int port) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["do_remote_prefill"] = true,
        ["do_remote_decode"] = false,
        ["remote_block_ids"] = _blocks,
        ["remote_engine_id"] = engineId,
        ["remote_request_id"] = requestId,
        ["remote_host"] = host,
        ["remote_port"] = port,
        ["tp_size"] = 1,
    });

    private static VllmTransfer Read(JsonElement json, string requestId, bool isMooncake)
    {
        if (IsTrue(json, "do_remote_decode"))
            return new VllmTransfer(KeepsCache: true, new RoomAddress("", 0, RoomOf(isMooncake ? Text(json, "transfer_id") : requestId)));
        if (!IsTrue(json, "do_remote_prefill"))
            return None;
        var engine = Text(json, "remote_engine_id");
        if (!isMooncake)
            return new VllmTransfer(KeepsCache: false, new RoomAddress(Text(json, "remote_host"), Number(json, "remote_port"), RoomOf(Text(json, "remote_request_id")), engine));
        if (!Uri.TryCreate(Text(json, "remote_bootstrap_addr"), UriKind.Absolute, out var server))
            throw Invalid("'remote_bootstrap_addr' is no URL");
        return new VllmTransfer(KeepsCache: false, new RoomAddress(server.Host, server.Port, RoomOf(Text(json, "transfer_id")), engine));
    }

    /// <summary>Rooms have numbers.</summary>
    private static long RoomOf(string name) => BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(name))) & long.MaxValue;

    private static bool IsTrue(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Invalid($"'{name}' is missing");

    private static int Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : throw Invalid($"'{name}' is missing");

    private static ApiException Invalid(string what) => ApiException.Invalid("kv_transfer_params_json", $"In 'kv_transfer_params_json': {what}.");
}
