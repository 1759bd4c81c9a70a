namespace Gateway.Text.Tokenizers.PreTokenizers;

/// <summary>Numbers in groups of at most three digits: <c>\p{N}{1,3}</c>.</summary>
internal sealed class NumberPattern : ScannedPattern
{
    public const string Source = @"\p{N}{1,3}";

    protected override int Match(ReadOnlySpan<char> text, int start) => EndOfNumber(text, start, most: 3);
}
