using Gateway.Text.Tokenizers.Caching;

namespace Gateway.Text.Tokenizers;

/// <summary>
/// Ids of texts seen before, for all tokenizers together: of whole prompts, and of the segments between special tokens.
/// Prompts of a conversation, or with the same system prompt, have all segments of their common beginning in common, so each is encoded
/// once; and as a segment's ids depend on nothing around it, one is found in the middle of another prompt too.
/// </summary>
/// <param name="promptBytes">What whole prompts may take; 0 keeps none.</param>
/// <param name="segmentBytes">What segments may take; 0 keeps none.</param>
public sealed class TokenizerCache(long promptBytes, long segmentBytes)
{
    /// <summary>Shorter texts, in units, are encoded faster than they are managed.</summary>
    internal const int ShortestText = 64;

    private readonly IdCache? _prompts = promptBytes > 0 ? new(promptBytes) : null;
    private readonly IdCache? _segments = segmentBytes > 0 ? new(segmentBytes) : null;

    /// <summary>Gets how whole prompts do.</summary>
    public TokenizerCacheStatistics Prompts => _prompts?.Statistics ?? default;

    /// <summary>Gets how segments do.</summary>
    public TokenizerCacheStatistics Segments => _segments?.Statistics ?? default;

    internal bool TryGetPrompt(Tokenizer tokenizer, bool framed, ReadOnlySpan<char> text, TokenBuffer output) =>
        _prompts is not null && text.Length >= ShortestText && _prompts.TryGet(tokenizer.Identity, framed, text, output);

    internal void SetPrompt(Tokenizer tokenizer, bool framed, ReadOnlySpan<char> text, ReadOnlySpan<int> ids)
    {
        if (text.Length >= ShortestText)
            _prompts?.Set(tokenizer.Identity, framed, text, ids);
    }

    internal bool TryGetSegment(Tokenizer tokenizer, bool atStart, ReadOnlySpan<char> text, TokenBuffer output) =>
        _segments is not null && text.Length >= ShortestText && _segments.TryGet(tokenizer.Identity, atStart, text, output);

    internal void SetSegment(Tokenizer tokenizer, bool atStart, ReadOnlySpan<char> text, ReadOnlySpan<int> ids)
    {
        if (text.Length >= ShortestText)
            _segments?.Set(tokenizer.Identity, atStart, text, ids);
    }
}
