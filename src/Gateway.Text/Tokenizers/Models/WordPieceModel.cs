using System.Buffers;
using System.Text;

namespace Gateway.Text.Tokenizers.Models;

/// <summary>The longest token that the rest of a word begins with, again and again; a word that cannot be made up is one unknown token.</summary>
internal sealed class WordPieceModel : TokenModel
{
    private readonly int _unknown;
    private readonly byte[] _prefix;
    private readonly int _longestWord;

    public WordPieceModel(Vocabulary vocabulary, string unknown, string prefix, int longestWord)
        : base(vocabulary)
    {
        _unknown = vocabulary.IdOf(unknown);
        _prefix = Encoding.UTF8.GetBytes(prefix);
        _longestWord = longestWord;
    }

    public override void Encode(ReadOnlySpan<char> piece, EncodeRun run)
    {
        var characters = 0;
        foreach (var _ in piece.EnumerateRunes())
            characters++;
        if (characters > _longestWord || !TryEncode(piece, run.Output))
        {
            run.Output.Add(_unknown >= 0
                ? _unknown
                : throw new TokenizerFormatException("The text has an unknown word, and the unknown token is not in the vocabulary."));
        }
    }

    private bool TryEncode(ReadOnlySpan<char> piece, TokenBuffer output)
    {
        Span<int> ids = stackalloc int[128];
        var count = 0;
        // The bytes of the prefix are in front of the word's: what is looked up next begins with one or the other.
        var rented = ArrayPool<byte>.Shared.Rent(_prefix.Length + (piece.Length * 3));
        try
        {
            var end = _prefix.Length + Encoding.UTF8.GetBytes(piece, rented.AsSpan(_prefix.Length));
            for (var start = _prefix.Length; start < end;)
            {
                var isFirst = start == _prefix.Length;
                if (!isFirst)
                    _prefix.CopyTo(rented.AsSpan(start - _prefix.Length));
                var length = Longest(rented.AsSpan(0, end), isFirst ? start : start - _prefix.Length, start, out var id);
                if (length == 0)
                    return false;
                if (count == ids.Length)
                    ids = Larger(ids);
                ids[count++] = id;
                start += length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        output.Add(ids[..count]);
        return true;
    }

    private static int[] Larger(ReadOnlySpan<int> ids)
    {
        var larger = new int[ids.Length * 2];
        ids.CopyTo(larger);
        return larger;
    }

    private int Longest(ReadOnlySpan<byte> word, int from, int start, out int id)
    {
        for (var end = word.Length; end > start; end--)
        {
            id = Vocabulary.IdOf(word[from..end]);
            if (id >= 0)
                return end - start;
        }
        id = -1;
        return 0;
    }
}
