using System.Text;

namespace Gateway.Text.Tokenizers.Models;

/// <summary>
/// Where a text can be cut without changing its tokens: between two characters that no token of the vocabulary has next to each other,
/// no merge can join what is on both sides. SentencePiece models have no pre-tokenizer; with the seams their words are pieces all the same,
/// and are found in the cache.
/// </summary>
internal sealed class TokenSeams
{
    /// <summary>The mark that SentencePiece writes for a space, U+2581.</summary>
    private const char WordMark = '\u2581';

    /// <summary>The characters that some token has directly in front of a word mark.</summary>
    private readonly HashSet<int> _joined = [];

    public TokenSeams(Vocabulary vocabulary)
    {
        for (var id = 0; id < vocabulary.IdLimit; id++)
        {
            if (!vocabulary.TryGetBytes(id, out var token))
                continue;
            var previous = -1;
            while (!token.IsEmpty)
            {
                Rune.DecodeFromUtf8(token, out var rune, out var consumed);
                if (rune.Value == WordMark && previous >= 0)
                    _joined.Add(previous);
                previous = rune.Value;
                token = token[consumed..];
            }
        }
    }

    /// <summary>Gets the length of the first part, which ends at a seam or with the text.</summary>
    public int FirstPart(ReadOnlySpan<char> text)
    {
        for (var index = 1; index < text.Length; index++)
        {
            var next = text[index..].IndexOf(WordMark);
            if (next < 0)
                return text.Length;
            index += next;
            Rune.DecodeLastFromUtf16(text[..index], out var previous, out _);
            if (!_joined.Contains(previous.Value))
                return index;
        }
        return text.Length;
    }
}
