using System.Text.Json;
using Gateway.Text.Tokenizers.Loading;

namespace Gateway.Text.Tokenizers.Models;

/// <summary>Tokens with scores; a token's id is its place in the list.</summary>
internal sealed record UnigramVocabulary(Vocabulary Vocabulary, double[] Scores)
{
    public static UnigramVocabulary Read(ref Utf8JsonReader reader)
    {
        var vocabulary = new Vocabulary.Builder();
        var scores = new List<double>();
        var buffer = new byte[256];
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                throw Broken(scores.Count);
            vocabulary.Add(JsonBytes.Of(ref reader, ref buffer), scores.Count);
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number)
                throw Broken(scores.Count);
            scores.Add(reader.GetDouble());
            if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray)
                throw Broken(scores.Count);
        }
        return new UnigramVocabulary(vocabulary.Build(), [.. scores]);
    }

    private static TokenizerFormatException Broken(int index) => new($"Entry {index} of the vocabulary is not a token and its score.");
}
