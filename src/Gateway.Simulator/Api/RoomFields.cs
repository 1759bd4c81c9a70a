using System.Text.Json;
using Gateway.Simulator.Disaggregation;

namespace Gateway.Simulator.Api;

/// <summary>
/// Reads where the two workers of a pair meet. Each of the three fields is an array with an element for each prompt, or a single value:
/// a host or a port is then that of all, a room that of the first, and the others have the numbers after it.
/// </summary>
internal static class RoomFields
{
    // SGLang's disaggregation_bootstrap_port, which it takes where a request has none.
    private const int DefaultPort = 8998;

    /// <exception cref="ApiException">A room is missing, or a field is not what it should be.</exception>
    public static IReadOnlyList<RoomAddress> GetRoomAddresses(this JsonElement request, SimulatorOptions options, int prompts)
    {
        var addresses = new List<RoomAddress>(prompts);
        for (var i = 0; i < prompts; i++)
        {
            // First, as it is what a request that came past the gateway lacks.
            var room = GetRoomId(request, options, prompts, i);
            addresses.Add(new RoomAddress(GetHost(request, options, prompts, i), GetPort(request, options, prompts, i), room));
        }

        return addresses;
    }

    private static long GetRoomId(JsonElement request, SimulatorOptions options, int prompts, int index)
    {
        var room = GetElement(request, "bootstrap_room", prompts, index, out var isOneForAll)
            ?? throw ApiException.Invalid(
                "bootstrap_room",
                $"A {NameOf(options.Role)} worker takes requests from a gateway that pairs it with another worker: 'bootstrap_room' is missing.");
        var offset = isOneForAll ? index : 0;
        return room.ValueKind == JsonValueKind.Number && room.TryGetInt64(out var id) && id >= 0 && id <= long.MaxValue - offset
            ? id + offset
            : throw ApiException.Invalid("bootstrap_room", "'bootstrap_room' must be a whole number from 0 to 2^63 - 1, or an array of them.");
    }

    private static string GetHost(JsonElement request, SimulatorOptions options, int prompts, int index) =>
        GetElement(request, "bootstrap_host", prompts, index, out _) switch
        {
            { ValueKind: JsonValueKind.String } host when Uri.CheckHostName(host.GetString()) != UriHostNameType.Unknown => host.GetString()!,
            // A prefill worker meets the others at its own port and needs no host.
            null when options.Role == SimulatorRole.Prefill => "",
            null => throw ApiException.Invalid("bootstrap_host", "'bootstrap_host' is missing."),
            _ => throw ApiException.Invalid("bootstrap_host", "'bootstrap_host' must be a host name or an IP address, or an array of them."),
        };

    private static int GetPort(JsonElement request, SimulatorOptions options, int prompts, int index) =>
        GetElement(request, "bootstrap_port", prompts, index, out _) switch
        {
            null => options.BootstrapPort == 0 ? DefaultPort : options.BootstrapPort,
            { ValueKind: JsonValueKind.Number } port when port.TryGetUInt16(out var number) => number,
            _ => throw ApiException.Invalid("bootstrap_port", "'bootstrap_port' must be a port number, null, or an array of them."),
        };

    private static JsonElement? GetElement(JsonElement request, string name, int prompts, int index, out bool isOneForAll)
    {
        var value = request.Get(name);
        isOneForAll = value is not { ValueKind: JsonValueKind.Array };
        if (value is not { ValueKind: JsonValueKind.Array } elements)
            return value;
        if (elements.GetArrayLength() != prompts)
            throw ApiException.Invalid(name, $"'{name}' has {elements.GetArrayLength()} elements for {prompts} prompts.");
        return elements[index] is { ValueKind: not JsonValueKind.Null } element ? element : null;
    }

    private static string NameOf(SimulatorRole role) => role == SimulatorRole.Prefill ? "prefill" : "decode";
}
