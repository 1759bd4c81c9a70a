using System.Buffers.Binary;
using System.Text;

namespace Gateway.Simulator.Engine;

/// <summary>
/// Stands in for a real tokenizer: deterministic, reversible, about as many tokens as a real one makes of English.
/// A token is at most 4 bytes of UTF-8, never a part of a character, and ends where white space ends. So the tokens of a text
/// that goes on start with the tokens of its beginning (but for the last), as prefix reuse needs it.
/// The id of a token is its bytes, little-endian.
/// </summary>
internal static class SimulatedTokenizer
{
    private const int MaxTokenBytes = 4;

    public static int[] Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    public static int[] Encode(ReadOnlySpan<byte> utf8)
    {
        var tokens = new List<int>((utf8.Length / 3) + 1);
        while (!utf8.IsEmpty)
        {
            var length = NextLength(utf8);
            tokens.Add(IdOf(utf8[..length]));
            utf8 = utf8[length..];
        }

        return [.. tokens];
    }

    /// <summary>The text of one token; ids that no text gives (a client may send any) read as a mark.</summary>
    public static string Decode(int token)
    {
        Span<byte> bytes = stackalloc byte[MaxTokenBytes];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, token);
        return Encoding.UTF8.GetString(bytes.TrimEnd((byte)0));
    }

    private static int IdOf(ReadOnlySpan<byte> bytes)
    {
        var id = 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
            id = (id << 8) | bytes[i];
        return id;
    }

    private static int NextLength(ReadOnlySpan<byte> utf8)
    {
        var length = 0;
        var afterSpace = false;
        while (length < utf8.Length)
        {
            var isSpace = utf8[length] is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r';
            if (afterSpace && !isSpace)
                break;
            var next = length + CharacterLength(utf8[length..]);
            if (next > MaxTokenBytes)
                break;
            length = next;
            afterSpace = isSpace;
        }

        return length;
    }

    private static int CharacterLength(ReadOnlySpan<byte> utf8)
    {
        // Invalid bytes count as one character of as many bytes as were wrong.
        Rune.DecodeFromUtf8(utf8, out _, out var consumed);
        return consumed;
    }
}
