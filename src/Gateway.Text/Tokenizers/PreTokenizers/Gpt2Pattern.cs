using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>The pattern of GPT-2, and of byte-level pre-tokenizers that name none.</summary>
internal sealed class Gpt2Pattern : ScannedPattern
{
    public const string Source = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const CharacterClass Named = CharacterClass.Letter | CharacterClass.Number | CharacterClass.WhiteSpace;

    protected override int Match(ReadOnlySpan<char> text, int start)
    {
        if (text[start] == '\'' && EndOfContraction(text, start, anyCase: false) is var contraction && contraction > start)
            return contraction;
        var body = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        var kind = CharacterClasses.At(text, body, out var length);
        if ((kind & CharacterClass.Letter) != 0)
            return EndOfRun(text, body + length, CharacterClass.Letter);
        if ((kind & CharacterClass.Number) != 0)
            return EndOfRun(text, body + length, CharacterClass.Number);
        return (kind & CharacterClass.WhiteSpace) == 0
            ? EndOfOthers(text, body + length, Named)
            : EndOfWhiteSpace(text, start, lineBreaksFirst: false);
    }
}
