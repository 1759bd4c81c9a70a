using System.Text;
using System.Text.Json;
using Gateway.Actors.Registry;
using Gateway.Host.Admission;

namespace Gateway.Host.Api;

/// <summary>Which models there are: <c>GET /v1/models</c> and <c>/v1/models/{id}</c>, told from the snapshot.</summary>
internal sealed class ModelEndpoints(RegistryView view, ApiKeyCheck keys, TimeProvider time)
{
    // The API wants a date of creation, which nobody tells the gateway.
    private readonly long _created = time.GetUtcNow().ToUnixTimeSeconds();

    public Task ListAsync(HttpContext context)
    {
        if (keys.Refusal(context.Request) is { } refusal)
            return OpenAiError.WriteAsync(context, refusal);
        var models = view.Current.Models;
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var (_, model) in models)
                Write(json, model);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>One model by its id, which may contain slashes, or by an alias.</summary>
    public Task GetAsync(HttpContext context)
    {
        if (keys.Refusal(context.Request) is { } refusal)
            return OpenAiError.WriteAsync(context, refusal);
        // Routing leaves an escaped slash escaped, and OpenAI's clients escape it.
        var id = Uri.UnescapeDataString((string)context.Request.RouteValues["id"]!);
        return view.Current.FindModel(Encoding.UTF8.GetBytes(id)) is { Card.IsWildcard: false } model
            ? JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json => Write(json, model))
            : OpenAiError.WriteAsync(context, GatewayError.ModelNotFound(id));
    }

    private void Write(Utf8JsonWriter json, ModelSnapshot model)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, model.Id);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, _created);
        json.WriteString("owned_by"u8, "modelgateway"u8);
        if (model.Card.MaxModelLength is { } length)
            json.WriteNumber("max_model_len"u8, length);
        json.WriteEndObject();
    }
}
