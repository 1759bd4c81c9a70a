using System.Globalization;
using System.Text.Json;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>vLLM's list of classes: for each text the likeliest one, and how likely each is.</summary>
/// <param name="head">Of the answer.</param>
internal sealed class ClassesAnswer(AnswerHead head) : EmbeddingAnswer
{
    public override void Write(Utf8JsonWriter json, IReadOnlyList<EmbeddingResult> results, EngineModelFacts? facts)
    {
        json.WriteStartObject();
        head.Write(json, "list"u8);
        json.WriteStartArray("data"u8);
        for (var i = 0; i < results.Count; i++)
            Write(json, i, results[i].Values, facts);
        json.WriteEndArray();
        WriteUsage(json, results);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, int index, IReadOnlyList<float> scores, EngineModelFacts? facts)
    {
        var best = 0;
        for (var i = 1; i < scores.Count; i++)
        {
            if (scores[i] > scores[best])
                best = i;
        }

        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteString("label"u8, LabelOf(best, facts));
        json.WriteStartArray("probs"u8);
        WriteProbabilities(json, scores, scores.Count == 0 ? 0 : scores[best]);
        json.WriteEndArray();
        json.WriteNumber("num_classes"u8, scores.Count);
        json.WriteEndObject();
    }

    /// <summary>The engine tells scores as they come out of the model; their softmax are the probabilities.</summary>
    private static void WriteProbabilities(Utf8JsonWriter json, IReadOnlyList<float> scores, float most)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Count; i++)
            sum += Math.Exp(scores[i] - most);
        for (var i = 0; i < scores.Count; i++)
            AnswerJson.WriteFinite(json, (float)(Math.Exp(scores[i] - most) / sum));
    }

    /// <summary>Named as Transformers names a class that has no name.</summary>
    private static string LabelOf(int number, EngineModelFacts? facts) =>
        facts is not null && number < facts.ClassLabels.Count && facts.ClassLabels[number] is { Length: > 0 } label
            ? label
            : string.Create(CultureInfo.InvariantCulture, $"LABEL_{number}");
}
