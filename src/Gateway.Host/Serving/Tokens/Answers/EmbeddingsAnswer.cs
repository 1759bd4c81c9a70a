using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>OpenAI's list of embeddings.</summary>
/// <param name="model">As the client named it.</param>
/// <param name="asBase64">True for the bytes of the numbers, 4 each and little-endian, as OpenAI's own clients ask for.</param>
internal sealed class EmbeddingsAnswer(string model, bool asBase64) : EmbeddingAnswer
{
    public override void Write(Utf8JsonWriter json, IReadOnlyList<EmbeddingResult> results, EngineModelFacts? facts)
    {
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        for (var i = 0; i < results.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "embedding"u8);
            json.WriteNumber("index"u8, i);
            if (asBase64)
                WriteBase64(json, results[i].Values);
            else
                WriteNumbers(json, results[i].Values);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("model"u8, model);
        WriteUsage(json, results);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, IReadOnlyList<float> values)
    {
        json.WriteStartArray("embedding"u8);
        for (var i = 0; i < values.Count; i++)
            AnswerJson.WriteFinite(json, values[i]);
        json.WriteEndArray();
    }

    private static void WriteBase64(Utf8JsonWriter json, IReadOnlyList<float> values)
    {
        var length = values.Count * sizeof(float);
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        for (var i = 0; i < values.Count; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        json.WriteBase64String("embedding"u8, bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
    }
}
