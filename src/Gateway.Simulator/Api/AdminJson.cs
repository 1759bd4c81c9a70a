using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Simulator.Api;

/// <summary>
/// JSON of the admin endpoints. Read by reflection: generated code would set the init properties that are missing
/// in the JSON to zero, where a fault rule has other defaults.
/// </summary>
internal static class AdminJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
