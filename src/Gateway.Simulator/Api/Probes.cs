using System.Text.Json;

namespace Gateway.Simulator.Api;

/// <summary>What both runtimes answer to whoever wants to know how they are.</summary>
internal static class Probes
{
    public static Task HealthAsync(Exchange exchange)
    {
        exchange.Response.StatusCode = StatusCodes.Status200OK;
        return Task.CompletedTask;
    }

    /// <summary>GET /v1/models.</summary>
    public static Task ModelsAsync(Exchange exchange) => exchange.WriteJsonAsync(StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var name in exchange.Options.ModelNames)
            WriteModel(json, exchange, name);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>GET /v1/models/{id}.</summary>
    public static Task ModelAsync(Exchange exchange)
    {
        var name = exchange.Request.Path.Value!["/v1/models/".Length..];
        return exchange.Options.Serves(name)
            ? exchange.WriteJsonAsync(StatusCodes.Status200OK, json => WriteModel(json, exchange, name))
            : throw new ApiException(404, "model_not_found", $"The model '{name}' does not exist.", "model");
    }

    private static void WriteModel(Utf8JsonWriter json, Exchange exchange, string name)
    {
        var options = exchange.Options;
        json.WriteStartObject();
        json.WriteString("id", name);
        json.WriteString("object", "model");
        json.WriteNumber("created", exchange.UnixTime);
        json.WriteString("owned_by", ModelFacts.OwnerOf(options.Runtime));
        json.WriteString("root", name == options.Model ? ModelFacts.PathOf(options) : options.Model);
        json.WriteNull("parent");
        json.WriteNumber("max_model_len", options.MaxModelLength);
        json.WriteEndObject();
    }
}
