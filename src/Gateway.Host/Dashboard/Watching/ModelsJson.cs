using System.Text.Json;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Host.Api.Admin;

namespace Gateway.Host.Dashboard.Watching;

/// <summary>How the dashboard's events tell of the models: all of them, since they are few and change seldom.</summary>
internal static class ModelsJson
{
    /// <summary>Writes the fields into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, RegistrySnapshot fleet)
    {
        json.WriteStartArray("models"u8);
        foreach (var model in fleet.Models.Values)
            Write(json, model);
        if (fleet.Wildcard is { } wildcard)
            Write(json, wildcard);
        json.WriteEndArray();
        json.WriteStartArray("policies"u8);
        foreach (var name in PolicyCatalog.Names.Order(StringComparer.Ordinal))
            json.WriteStringValue(name);
        json.WriteEndArray();
        json.WriteNumber("version"u8, fleet.Version);
    }

    private static void Write(Utf8JsonWriter json, ModelSnapshot model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Id);
        json.WriteStartArray("aliases"u8);
        foreach (var alias in model.Card.Aliases)
            json.WriteStringValue(alias);
        json.WriteEndArray();
        if (model.Card.MaxModelLength is { } length)
            json.WriteNumber("context_length"u8, length);
        json.WriteNumber("ready"u8, model.Ready.Length);
        json.WriteStartObject("roles"u8);
        PolicyInfo.Write(json, model);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
