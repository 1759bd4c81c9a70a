using System.Text.Json;
using Gateway.Text.Tokenizers.Models;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>Reads merges: strings of two tokens with a space between, or pairs.</summary>
internal static class MergesJson
{
    public static MergeTable Read(ReadOnlySpan<byte> json, Vocabulary vocabulary, int prefixLength)
    {
        var merges = new MergeTable.Builder();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        byte[] buffer = new byte[512], left = new byte[256], joined = new byte[512];
        for (var rank = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; rank++)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                var merge = JsonBytes.Of(ref reader, ref buffer);
                var space = merge.IndexOf((byte)' ');
                if (space < 0 || merge[(space + 1)..].Contains((byte)' '))
                    throw new TokenizerFormatException($"Merge {rank} is not two tokens.");
                Add(merge[..space], merge[(space + 1)..], rank);
                continue;
            }
            if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType != JsonTokenType.String)
                throw new TokenizerFormatException($"Merge {rank} is not two tokens.");
            var first = JsonBytes.Of(ref reader, ref buffer);
            if (left.Length < first.Length)
                left = new byte[first.Length];
            first.CopyTo(left);
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                throw new TokenizerFormatException($"Merge {rank} is not two tokens.");
            Add(left.AsSpan(0, first.Length), JsonBytes.Of(ref reader, ref buffer), rank);
            if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray)
                throw new TokenizerFormatException($"Merge {rank} is not two tokens.");
        }
        return merges.Build();

        void Add(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, int rank)
        {
            var length = first.Length + second.Length - prefixLength;
            if (joined.Length < length)
                joined = new byte[length];
            first.CopyTo(joined);
            second[prefixLength..].CopyTo(joined.AsSpan(first.Length));
            var (firstId, secondId, id) = (vocabulary.IdOf(first), vocabulary.IdOf(second), vocabulary.IdOf(joined.AsSpan(0, length)));
            if (firstId < 0 || secondId < 0 || id < 0)
                throw new TokenizerFormatException($"Merge {rank} has a token that is not in the vocabulary.");
            merges.Add(firstId, secondId, rank, id);
        }
    }
}
