namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>Puts words together again, with a space in front of each token that does not continue one.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleansUp) : TokenDecoder
{
    public override DecoderStage Start(DecoderStage next, bool joined, bool live) => new Stage(next, prefix, cleansUp);

    /// <summary>The original's list, in its order.</summary>
    private static string CleanUp(string text) => text
        .Replace(" .", ".", StringComparison.Ordinal)
        .Replace(" ?", "?", StringComparison.Ordinal)
        .Replace(" !", "!", StringComparison.Ordinal)
        .Replace(" ,", ",", StringComparison.Ordinal)
        .Replace(" ' ", "'", StringComparison.Ordinal)
        .Replace(" n't", "n't", StringComparison.Ordinal)
        .Replace(" 'm", "'m", StringComparison.Ordinal)
        .Replace(" do not", " don't", StringComparison.Ordinal)
        .Replace(" 's", "'s", StringComparison.Ordinal)
        .Replace(" 've", "'ve", StringComparison.Ordinal)
        .Replace(" 're", "'re", StringComparison.Ordinal);

    private sealed class Stage(DecoderStage next, string prefix, bool cleansUp) : DecoderStage
    {
        private bool _first = true;

        public override void Add(ReadOnlySpan<char> token)
        {
            var text = _first ? token.ToString()
                : token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..].ToString()
                : string.Concat(" ", token);
            _first = false;
            next.Add(cleansUp ? CleanUp(text) : text);
        }

        public override void End() => next.End();
    }
}
