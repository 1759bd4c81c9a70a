using System.Collections.Frozen;
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
    private readonly FrozenSet<int>? _kept;
    private readonly CharBuffer _output = new();
    private readonly DecoderStage _stage;

    /// <summary>Starts an answer.</summary>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="skipSpecialTokens">True to leave out what no reader should see.</param>
    /// <param name="kept">Special tokens that are not left out nevertheless; null for none.</param>
    public IncrementalDetokenizer(Tokenizer tokenizer, bool skipSpecialTokens, FrozenSet<int>? kept = null)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        _tokenizer = tokenizer;
        _skipSpecialTokens = skipSpecialTokens;
        _kept = kept is { Count: > 0 } ? kept : null;
        _stage = tokenizer.StartDecoding(_output, live: true);
    }

    /// <summary>Takes the next token, and gives the text that is certain now; valid until the next call.</summary>
    public ReadOnlySpan<char> Push(int id)
    {
        _output.Clear();
        _tokenizer.DecodeNext(id, Skips(id), _stage);
        return _output.Span;
    }

    /// <summary>Takes the next tokens, and gives the text that is certain now; valid until the next call.</summary>
    public ReadOnlySpan<char> Push(ReadOnlySpan<int> ids)
    {
        _output.Clear();
        foreach (var id in ids)
            _tokenizer.DecodeNext(id, Skips(id), _stage);
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

    private bool Skips(int id) => _skipSpecialTokens && _kept?.Contains(id) != true;
}
