using System.Text.Json;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Workers;

namespace Gateway.Host.Serving.Tokens.Answers;

/// <summary>vLLM's ranking, which is Jina's: the best document first.</summary>
/// <param name="id">The request's.</param>
/// <param name="model">As the client named it.</param>
/// <param name="documents">In the request's order.</param>
/// <param name="most">How many of them the client wants.</param>
/// <param name="showsDocuments">True if it wants their texts too.</param>
internal sealed class RankingAnswer(string id, string model, IReadOnlyList<string> documents, int most, bool showsDocuments) : EmbeddingAnswer
{
    public override void Write(Utf8JsonWriter json, IReadOnlyList<EmbeddingResult> results, EngineModelFacts? facts)
    {
        var order = new int[results.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(order, (left, right) => (-Score(results[left])).CompareTo(-Score(results[right])) is var found && found != 0 ? found : left - right);

        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("model"u8, model);
        json.WriteStartArray("results"u8);
        for (var place = 0; place < most; place++)
            Write(json, order[place], Score(results[order[place]]));
        json.WriteEndArray();
        WriteUsage(json, results);
        json.WriteEndObject();
    }

    /// <summary>The only number of a model that scores pairs; of one that classifies them the last, which is the class of those that fit.</summary>
    private static float Score(EmbeddingResult result) => result.Values.Count > 0 ? result.Values[^1] : float.NegativeInfinity;

    private void Write(Utf8JsonWriter json, int document, float score)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, document);
        if (showsDocuments)
        {
            json.WriteStartObject("document"u8);
            json.WriteString("text"u8, documents[document]);
            json.WriteEndObject();
        }

        json.WritePropertyName("relevance_score"u8);
        AnswerJson.WriteFinite(json, score);
        json.WriteEndObject();
    }
}
