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

/// <summary>Reads strings as UTF-8.</summary>
internal static class JsonBytes
{
    /// <summary>Gets the bytes of the string at the reader; a slice of the JSON if nothing in it is escaped.</summary>
    public static ReadOnlySpan<byte> Of(ref Utf8JsonReader reader, ref byte[] buffer)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        if (buffer.Length < reader.ValueSpan.Length)
            buffer = new byte[reader.ValueSpan.Length];
        return buffer.AsSpan(0, reader.CopyString(buffer));
    }
}
