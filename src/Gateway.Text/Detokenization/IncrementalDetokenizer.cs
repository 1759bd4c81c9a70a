using Gateway.Text.Tokenizers;
using Gateway.Text.Tokenizers.Decoders;

namespace Gateway.Text.Detokenization;

/// <summary>
/// Turns the tokens of one answer into text as they come. The parts together are what <see cref="Tokenizer.Decode"/> gives for all tokens,
/// and cost as much as that once: nothing is decoded twice, and a token allocates nothing.
/// </summary>
/// <remarks>
/// What is held back is what the next token can still change: a character that misses bytes, and for the few decoders that look ahead,
/// their last token. One difference to decoding the whole is wanted: see <see cref="ByteFallbackDecoder"/>.
/// Not safe from several threads; an answer with n choices has n of these.
/// </remarks>
public sealed class IncrementalDetokenizer : IDisposable
{
    private readonly Tokenizer _tokenizer;
    private readonly bool _skipSpecialTokens;
    private readonly CharBuffer _output = new();
    private readonly DecoderStage _stage;

    /// <summary>Starts an answer.</summary>
    public IncrementalDetokenizer(Tokenizer tokenizer, bool skipSpecialTokens)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        _tokenizer = tokenizer;
        _skipSpecialTokens = skipSpecialTokens;
        _stage = tokenizer.StartDecoding(_output, live: true);
    }

    /// <summary>Takes the next token, and gives the text that is certain now; valid until the next call.</summary>
    public ReadOnlySpan<char> Push(int id)
    {
        _output.Clear();
        _tokenizer.DecodeNext(id, _skipSpecialTokens, _stage);
        return _output.Span;
    }

    /// <summary>Takes the next tokens, and gives the text that is certain now; valid until the next call.</summary>
    public ReadOnlySpan<char> Push(ReadOnlySpan<int> ids)
    {
        _output.Clear();
        foreach (var id in ids)
            _tokenizer.DecodeNext(id, _skipSpecialTokens, _stage);
        return _output.Span;
    }

    /// <summary>Gives what is held back; a character that still misses bytes becomes U+FFFD. Nothing may be pushed after this.</summary>
    public ReadOnlySpan<char> Finish()
    {
        _output.Clear();
        _stage.End();
        return _output.Span;
    }

    /// <inheritdoc/>
    public void Dispose() => _output.Dispose();
}
