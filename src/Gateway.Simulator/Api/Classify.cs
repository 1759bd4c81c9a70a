using System.Text.Json;

namespace Gateway.Simulator.Api;

/// <summary>POST /v1/classify and /classify: two classes, chosen without meaning.</summary>
internal static class Classify
{
    private static readonly string[] _labels = ["simulated-a", "simulated-b"];

    public static async Task HandleAsync(Exchange exchange)
    {
        using var document = await exchange.ReadJsonAsync();
        var request = document.RootElement;
        var model = request.GetModel(exchange.Options);
        var inputs = request.GetPrompts(request.Get("input") is null ? "text" : "input");
        var id = request.GetRequestId();

        var cached = await PrefillOnly.RunAsync(exchange, request, id, inputs);
        await exchange.WriteJsonAsync(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", $"classify-{id}");
            json.WriteString("object", "list");
            json.WriteNumber("created", exchange.UnixTime);
            json.WriteString("model", model);
            json.WriteStartArray("data");
            for (var i = 0; i < inputs.Count; i++)
                Write(json, i, PrefillOnly.Score(inputs[i], exchange.Options.Seed));
            json.WriteEndArray();
            json.WriteUsage(inputs.Sum(static input => input.Length), 0, cached);
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, int index, double first)
    {
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteString("label", _labels[first >= 0.5 ? 0 : 1]);
        json.WriteStartArray("probs");
        json.WriteNumberValue(first);
        json.WriteNumberValue(1 - first);
        json.WriteEndArray();
        json.WriteNumber("num_classes", _labels.Length);
        json.WriteEndObject();
    }
}
