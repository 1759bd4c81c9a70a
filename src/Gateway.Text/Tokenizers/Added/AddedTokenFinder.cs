using System.Text;
using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.Added;

/// <summary>Cuts text at added tokens.</summary>
internal sealed class AddedTokenFinder(IReadOnlyList<AddedToken> tokens, IReadOnlyDictionary<string, int> ids, Func<string, string> spelling)
{
    private readonly TokenTrie _trie = new([.. tokens.Select(token => spelling(token.Content))]);
    private readonly AddedToken[] _tokens = [.. tokens];
    private readonly int[] _ids = [.. tokens.Select(token => ids[token.Content])];

    public bool IsEmpty => _tokens.Length == 0;

    /// <summary>Finds the next added token.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="search">Where to look from; afterwards where the token itself ends, without the white space it swallowed.</param>
    /// <param name="from">What is in front of this belongs to the token before.</param>
    /// <param name="start">Where the token begins, with what it swallowed.</param>
    /// <param name="end">Where it ends, with what it swallowed.</param>
    /// <param name="id">Its id.</param>
    public bool TryFind(ReadOnlySpan<char> text, ref int search, int from, out int start, out int end, out int id)
    {
        while (_trie.TryFind(text, search, out start, out end, out var value))
        {
            search = end;
            var token = _tokens[value];
            if (token.SingleWord && (EndsWithWord(text[..start]) || StartsWithWord(text[end..])))
                continue;
            if (token.StripLeft)
                start = Math.Max(text[..start].TrimEnd().Length, from);
            if (token.StripRight)
                end = text.Length - text[end..].TrimStart().Length;
            id = _ids[value];
            return true;
        }
        id = -1;
        return false;
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        !text.IsEmpty && Rune.DecodeLastFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && WordCharacter.Is(rune);

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        !text.IsEmpty && Rune.DecodeFromUtf16(text, out var rune, out _) == System.Buffers.OperationStatus.Done && WordCharacter.Is(rune);
}
