using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gateway.Simulator.Api;

/// <summary>POST /v1/embeddings: unit vectors without meaning, the same for the same text.</summary>
internal static class Embeddings
{
    public static async Task HandleAsync(Exchange exchange)
    {
        using var document = await exchange.ReadJsonAsync();
        var request = document.RootElement;
        var model = request.GetModel(exchange.Options);
        var inputs = request.GetPrompts("input");
        var dimensions = request.GetNumber("dimensions") ?? exchange.Options.EmbeddingDimensions;
        if (dimensions < 1)
            throw ApiException.Invalid("dimensions", "'dimensions' must be at least 1.");
        var asBase64 = request.GetText("encoding_format") == "base64";

        var cached = await PrefillOnly.RunAsync(exchange, request, request.GetRequestId(), inputs);
        await exchange.WriteJsonAsync(StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteString("model", model);
            json.WriteStartArray("data");
            for (var i = 0; i < inputs.Count; i++)
                Write(json, i, Embed(inputs[i], dimensions), asBase64);
            json.WriteEndArray();
            json.WriteUsage(inputs.Sum(static input => input.Length), 0, cached);
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, int index, float[] vector, bool asBase64)
    {
        json.WriteStartObject();
        json.WriteString("object", "embedding");
        json.WriteNumber("index", index);
        if (asBase64)
        {
            json.WriteBase64String("embedding", MemoryMarshal.AsBytes<float>(vector));
        }
        else
        {
            json.WriteStartArray("embedding");
            foreach (var component in vector)
                json.WriteNumberValue(component);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static float[] Embed(int[] tokens, int dimensions)
    {
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++)
            vector[i] = (float)(PrefillOnly.Score(tokens, i) - 0.5);
        var length = MathF.Sqrt(vector.Sum(static component => component * component));
        for (var i = 0; i < dimensions; i++)
            vector[i] /= length;
        return vector;
    }
}
