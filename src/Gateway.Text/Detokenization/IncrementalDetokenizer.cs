using Gateway.Text.Tokenizers;
using Gateway.Text.Tokenizers.Decoders;

namespace Gateway.Text.Detokenization;

/// <summary>
/// Makes text of tokens as they come. What comes out adds up to what <see cref="Tokenizer.Decode"/> makes of all of them; held back is only
/// what a later token may still change, such as the first bytes of a character. For one choice, one thread.
/// </summary>
public sealed class IncrementalDetokenizer : IDisposable
{
    private readonly Tokenizer _tokenizer;
    private readonly bool _skipsSpecialTokens;
    private readonly CharBuffer _output = new();
    private readonly DecoderStage _stage;

    /// <param name="tokenizer">The model's.</param>
    /// <param name="skipSpecialTokens">True to leave out what no reader should see.</param>
    public IncrementalDetokenizer(Tokenizer tokenizer, bool skipSpecialTokens)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        _tokenizer = tokenizer;
        _skipsSpecialTokens = skipSpecialTokens;
        _stage = tokenizer.StartDecoding(_output, live: true);
    }

    /// <summary>Takes the next tokens.</summary>
    /// <returns>The text that is certain now; valid until the next call.</returns>
    public ReadOnlySpan<char> Push(ReadOnlySpan<int> ids)
    {
        _output.Clear();
        foreach (var id in ids)
            _tokenizer.DecodeNext(id, _skipsSpecialTokens, _stage);
        return _output.Span;
    }

    /// <summary>No more tokens come.</summary>
    /// <returns>The rest of the text; valid until it is disposed of.</returns>
    public ReadOnlySpan<char> Finish()
    {
        _output.Clear();
        _stage.End();
        return _output.Span;
    }

    public void Dispose() => _output.Dispose();
}
