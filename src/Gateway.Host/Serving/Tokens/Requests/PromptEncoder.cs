using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>Makes tokens of the prompts of one request.</summary>
/// <param name="Tokenizer">The model's.</param>
/// <param name="Cache">Tokens of prompts seen before; null if none are kept.</param>
/// <param name="Cancellation">Ends the work on a long prompt.</param>
internal readonly record struct PromptEncoder(Tokenizer Tokenizer, TokenizerCache? Cache, CancellationToken Cancellation)
{
    /// <param name="text">The prompt.</param>
    /// <param name="addSpecialTokens">False if they are written in it, as a chat template does.</param>
    public int[] Encode(ReadOnlySpan<char> text, bool addSpecialTokens)
    {
        using var ids = new TokenBuffer();
        Tokenizer.Encode(text, addSpecialTokens, ids, Cache, Cancellation);
        return ids.Ids.ToArray();
    }
}
