using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Gateway.Text.Tokenizers.Normalizers;

/// <summary>
/// The table that SentencePiece compiles its rules into: a double-array trie whose values point into a list of replacements.
/// As in the original, a grapheme of less than six bytes is looked up as a whole first, then each of its characters.
/// </summary>
internal sealed class PrecompiledNormalizer : Normalizer
{
    private readonly uint[] _trie;
    private readonly byte[] _replacements;

    public PrecompiledNormalizer(ReadOnlySpan<byte> table)
    {
        if (table.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(table) is var size && (size % 4 != 0 || size > table.Length - 4))
            throw new TokenizerFormatException("The table of the Precompiled normalizer is cut off.");
        _trie = new uint[size / 4];
        for (var unit = 0; unit < _trie.Length; unit++)
            _trie[unit] = BinaryPrimitives.ReadUInt32LittleEndian(table[(4 + (unit * 4))..]);
        _replacements = table[(int)(4 + size)..].ToArray();
    }

    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into)
    {
        Span<byte> bytes = stackalloc byte[8];
        while (!text.IsEmpty)
        {
            var length = StringInfo.GetNextTextElementLength(text);
            var grapheme = text[..length];
            text = text[length..];
            if (grapheme.Length <= 5
                && Encoding.UTF8.GetByteCount(grapheme) < 6
                && TryReplace(bytes[..Encoding.UTF8.GetBytes(grapheme, bytes)], into))
            {
                continue;
            }
            foreach (var rune in grapheme.EnumerateRunes())
            {
                if (!TryReplace(bytes[..rune.EncodeToUtf8(bytes)], into))
                    into.Add(rune);
            }
        }
    }

    private bool TryReplace(ReadOnlySpan<byte> key, CharBuffer into)
    {
        if (!TryFindShortestPrefix(key, out var start) || start > _replacements.Length)
            return false;
        var replacement = _replacements.AsSpan(start);
        var end = replacement.IndexOf((byte)0);
        into.AddUtf8(end < 0 ? replacement : replacement[..end]);
        return true;
    }

    /// <summary>Walks the trie; the layout of its units is that of the Darts-clone library.</summary>
    private bool TryFindShortestPrefix(ReadOnlySpan<byte> key, out int value)
    {
        value = 0;
        if (_trie.Length == 0)
            return false;
        var node = OffsetOf(_trie[0]);
        foreach (var label in key)
        {
            if (label == 0)
                return false;
            node ^= label;
            if (node >= (uint)_trie.Length)
                return false;
            var unit = _trie[node];
            if ((unit & 0x800000FF) != label)
                return false;
            node ^= OffsetOf(unit);
            if (((unit >> 8) & 1) == 0)
                continue;
            if (node >= (uint)_trie.Length)
                return false;
            value = (int)(_trie[node] & 0x7FFFFFFF);
            return true;
        }
        return false;
    }

    private static uint OffsetOf(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
