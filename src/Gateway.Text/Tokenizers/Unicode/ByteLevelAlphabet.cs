using System.Text;

namespace Gateway.Text.Tokenizers.Unicode;

/// <summary>
/// The 256 printable characters in which byte-level vocabularies write bytes: printable ones of Latin-1 stand for themselves,
/// the rest are moved to U+0100 and up.
/// </summary>
internal static class ByteLevelAlphabet
{
    private static readonly char[] Characters = BuildCharacters();
    private static readonly short[] Bytes = BuildBytes();

    public static char CharacterOf(byte value) => Characters[value];

    /// <summary>Gets the byte that a character stands for, or -1.</summary>
    public static int ByteOf(char character) => character < Bytes.Length ? Bytes[character] : -1;

    /// <summary>Gets the bytes that a token stands for; false if it is not written in the alphabet, as added tokens may not be.</summary>
    public static bool TryGetBytes(ReadOnlySpan<byte> token, Span<byte> bytes, out int written)
    {
        written = 0;
        while (!token.IsEmpty)
        {
            Rune.DecodeFromUtf8(token, out var rune, out var consumed);
            var value = rune.IsBmp ? ByteOf((char)rune.Value) : -1;
            if (value < 0)
                return false;
            bytes[written++] = (byte)value;
            token = token[consumed..];
        }
        return true;
    }

    /// <summary>Appends the text's UTF-8 bytes as characters of the alphabet.</summary>
    public static void Spell(ReadOnlySpan<char> text, CharBuffer into)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            foreach (var value in bytes[..rune.EncodeToUtf8(bytes)])
                into.Add(Characters[value]);
        }
    }

    private static bool StandsForItself(int value) => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);

    private static char[] BuildCharacters()
    {
        var characters = new char[256];
        var moved = 0;
        for (var value = 0; value < characters.Length; value++)
            characters[value] = StandsForItself(value) ? (char)value : (char)(0x100 + moved++);
        return characters;
    }

    private static short[] BuildBytes()
    {
        var bytes = new short[0x100 + 68];
        Array.Fill(bytes, (short)-1);
        for (short value = 0; value < 256; value++)
            bytes[Characters[value]] = value;
        return bytes;
    }
}
