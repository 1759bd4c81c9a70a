using System.Text.Json;
using Gateway.Text.Tokenizers.Models;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>Reads a vocabulary that is an object from tokens to ids.</summary>
internal static class VocabularyJson
{
    public static Vocabulary Read(ref Utf8JsonReader reader)
    {
        var vocabulary = new Vocabulary.Builder();
        var buffer = new byte[256];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var token = JsonBytes.Of(ref reader, ref buffer);
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var id))
                throw new TokenizerFormatException("A token's id is not a number.");
            vocabulary.Add(token, id);
        }
        return vocabulary.Build();
    }
}
