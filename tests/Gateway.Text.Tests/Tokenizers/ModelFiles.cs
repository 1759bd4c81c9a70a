using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tests.Tokenizers;

/// <summary>Writes vocabularies of tokenizer.json in the other formats that models come with, of which no file can be had from npm.</summary>
internal static partial class ModelFiles
{
    /// <summary>Writes the tokens of a byte-level vocabulary as a tiktoken file.</summary>
    public static byte[] Tiktoken(JsonElement vocabulary)
    {
        var lines = new StringBuilder();
        var bytes = new byte[1024];
        foreach (var token in vocabulary.EnumerateObject())
        {
            Assert.True(ByteLevelAlphabet.TryGetBytes(Encoding.UTF8.GetBytes(token.Name), bytes, out var written));
            lines.Append(Convert.ToBase64String(bytes, 0, written)).Append(' ').Append(token.Value.GetInt32()).Append('\n');
        }
        return Encoding.ASCII.GetBytes(lines.ToString());
    }

    /// <summary>Writes Llama 2's vocabulary as a <c>tokenizer.model</c>: the earlier a piece is made by a merge, the higher its score.</summary>
    public static byte[] SentencePiece(JsonElement vocabulary, JsonElement merges)
    {
        var scores = new Dictionary<string, float>();
        foreach (var merge in merges.EnumerateArray())
            scores.TryAdd(merge.GetString()!.Replace(" ", "", StringComparison.Ordinal), -scores.Count);
        using var model = new MemoryStream();
        foreach (var token in vocabulary.EnumerateObject().OrderBy(static token => token.Value.GetInt32()))
        {
            var kind = token.Name switch
            {
                "<unk>" => 2,
                "<s>" or "</s>" => 3,
                _ => ByteToken().IsMatch(token.Name) ? 6 : 1,
            };
            using var piece = new MemoryStream();
            Field(piece, 1, Encoding.UTF8.GetBytes(token.Name));
            piece.WriteByte((2 << 3) | 5);
            piece.Write(BitConverter.GetBytes(kind == 1 ? scores.GetValueOrDefault(token.Name, -1e9f) : 0f));
            Field(piece, 3, kind);
            Field(model, 1, piece.ToArray());
        }
        using var trainer = new MemoryStream();
        Field(trainer, 3, 2);
        Field(trainer, 35, 1);
        Field(model, 2, trainer.ToArray());
        using var normalizer = new MemoryStream();
        Field(normalizer, 1, "identity"u8.ToArray());
        Field(normalizer, 3, 1);
        Field(normalizer, 4, 0);
        Field(model, 3, normalizer.ToArray());
        return model.ToArray();
    }

    private static void Field(MemoryStream message, int number, int value)
    {
        Varint(message, number << 3);
        Varint(message, value);
    }

    private static void Field(MemoryStream message, int number, byte[] value)
    {
        Varint(message, (number << 3) | 2);
        Varint(message, value.Length);
        message.Write(value);
    }

    private static void Varint(MemoryStream message, int value)
    {
        for (; value > 0x7F; value >>= 7)
            message.WriteByte((byte)(value | 0x80));
        message.WriteByte((byte)value);
    }

    [GeneratedRegex("^<0x[0-9A-F]{2}>$")]
    private static partial Regex ByteToken();
}
