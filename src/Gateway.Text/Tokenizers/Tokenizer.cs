using Gateway.Text.Tokenizers.Added;
using Gateway.Text.Tokenizers.Decoders;
using Gateway.Text.Tokenizers.Models;
using Gateway.Text.Tokenizers.Normalizers;
using Gateway.Text.Tokenizers.PostProcessors;
using Gateway.Text.Tokenizers.PreTokenizers;
using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers;

/// <summary>
/// Text to ids and back, with exactly the ids and the text that the model's own tokenizer gives.
/// Immutable but for its caches; all members are safe from many threads at once.
/// </summary>
/// <remarks>An unpaired surrogate, which has no UTF-8 form, counts as U+FFFD.</remarks>
public sealed class Tokenizer
{
    private readonly TokenModel _model;
    private readonly AddedVocabulary _added;
    private readonly Normalizer? _normalizer;
    private readonly PreTokenizer[] _steps;
    private readonly SpecialFrame _frame;
    private readonly DecoderChain _decoders;

    internal Tokenizer(
        TokenModel model,
        AddedVocabulary added,
        Normalizer? normalizer,
        PreTokenizer[] steps,
        SpecialFrame frame,
        DecoderChain decoders)
    {
        _model = model;
        _added = added;
        _normalizer = normalizer;
        _steps = steps;
        _frame = frame;
        _decoders = decoders;
        IdLimit = Math.Max(model.Vocabulary.IdLimit, added.IdLimit);
    }

    /// <summary>Gets what stands for this tokenizer in caches: texts that are kept there must not keep a whole vocabulary alive.</summary>
    internal object Identity { get; } = new();

    /// <summary>Gets one more than the largest id.</summary>
    public int IdLimit { get; }

    /// <summary>Appends the ids of a text.</summary>
    /// <param name="text">Of any size. Added tokens in it are recognized.</param>
    /// <param name="addSpecialTokens">Whether to put what the model's file asks for around it, such as <c>&lt;s&gt;</c> in front.</param>
    /// <param name="output">Takes the ids. After a cancellation it may have some of them.</param>
    /// <param name="cache">Where to look first, and to keep the ids for the next time; or null.</param>
    /// <param name="cancellation">Looked at every few thousand tokens.</param>
    public void Encode(
        ReadOnlySpan<char> text,
        bool addSpecialTokens,
        TokenBuffer output,
        TokenizerCache? cache = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        cancellation.ThrowIfCancellationRequested();
        if (cache?.TryGetPrompt(this, addSpecialTokens, text, output) == true)
            return;
        var before = output.Count;
        if (addSpecialTokens)
            output.Add(_frame.Before.Span);
        EncodeText(text, EncodeRun.Begin(_steps, _model, output, cancellation), cache);
        if (addSpecialTokens)
            output.Add(_frame.After.Span);
        cache?.SetPrompt(this, addSpecialTokens, text, output.Ids[before..]);
    }

    /// <summary>Gets the ids of a text.</summary>
    public int[] Encode(string text, bool addSpecialTokens = false, CancellationToken cancellation = default) =>
        Encode(text, addSpecialTokens, cache: null, cancellation);

    /// <summary>Gets the ids of a text, if they can be had from a cache.</summary>
    public int[] Encode(string text, bool addSpecialTokens, TokenizerCache? cache, CancellationToken cancellation = default)
    {
        using var output = new TokenBuffer();
        Encode(text, addSpecialTokens, output, cache, cancellation);
        return output.Ids.ToArray();
    }

    /// <summary>Gets the text of ids. Ids that no token has are left out.</summary>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens)
    {
        using var output = new CharBuffer();
        var stage = StartDecoding(output, live: false);
        foreach (var id in ids)
            DecodeNext(id, skipSpecialTokens, stage);
        stage.End();
        return output.ToString();
    }

    /// <summary>Gets an id's token as the model's file writes it, or null.</summary>
    public string? TokenOf(int id) =>
        _added.ContentOf(id) ?? (_model.Vocabulary.TryGetBytes(id, out var token) ? System.Text.Encoding.UTF8.GetString(token) : null);

    /// <summary>Gets a token's id, or null.</summary>
    public int? IdOf(string token) =>
        _added.Ids.TryGetValue(token, out var added) ? added : _model.Vocabulary.IdOf(token) is >= 0 and var id ? id : null;

    /// <summary>Gets what decoding can leave out: ids, and the tokens as they are written.</summary>
    public IEnumerable<KeyValuePair<int, string>> SpecialTokens => _added.Special;

    /// <summary>Whether decoding can leave the token out.</summary>
    public bool IsSpecial(int id) => _added.IsSpecial(id);

    /// <summary>Gets two texts as one input, as models take it that say how well the two go together.</summary>
    /// <returns>Null if the model's file does not say how.</returns>
    public TokenPair? EncodePair(string first, string second, CancellationToken cancellation = default)
    {
        if (_frame.Pair is not { } frame)
            return null;
        using var output = new TokenBuffer();
        var types = new List<int>();
        foreach (var part in frame.Parts)
        {
            if (part.Text is { } which)
                EncodeText(which == 0 ? first : second, EncodeRun.Begin(_steps, _model, output, cancellation), cache: null);
            else
                output.Add(part.Ids);
            while (types.Count < output.Count)
                types.Add(part.Type);
        }

        return new TokenPair(output.Ids.ToArray(), types.ToArray());
    }

    /// <summary>Gets a tokenizer that shares all with this one, but puts other tokens around a text.</summary>
    /// <exception cref="TokenizerFormatException">One of them is not a token.</exception>
    internal Tokenizer WithFrame(string? before, string? after) =>
        new(_model, _added, _normalizer, _steps, new SpecialFrame(IdsOf(before), IdsOf(after)), _decoders);

    internal DecoderStage StartDecoding(CharBuffer output, bool live) => _decoders.Start(output, live);

    internal void DecodeNext(int id, bool skipSpecialTokens, DecoderStage stage)
    {
        if (skipSpecialTokens && _added.IsSpecial(id))
            return;
        if (_added.ContentOf(id) is { } content)
            stage.Add(content);
        else if (_model.Vocabulary.TryGetBytes(id, out var token))
            stage.AddUtf8(token);
    }

    private int[] IdsOf(string? token) => token is null ? []
        : IdOf(token) is { } id ? [id]
        : throw new TokenizerFormatException($"The token {token} of the config is not in the vocabulary.");

    private void EncodeText(ReadOnlySpan<char> text, EncodeRun run, TokenizerCache? cache)
    {
        try
        {
            if (WellFormedText.IndexOfUnpaired(text) >= 0)
            {
                WellFormedText.Repair(text, run.Repaired);
                text = run.Repaired.Span;
            }
            EncodeAround(text, run, cache);
        }
        finally
        {
            run.End();
        }
    }

    /// <summary>Encodes what is around the added tokens that are found in the text as it came.</summary>
    private void EncodeAround(ReadOnlySpan<char> text, EncodeRun run, TokenizerCache? cache)
    {
        var finder = _added.Verbatim;
        int from = 0, search = 0;
        while (finder.TryFind(text, ref search, from, out var start, out var end, out var id))
        {
            if (from < start)
                EncodeNormalized(text[from..start], from == 0, run, cache);
            run.Output.Add(id);
            from = end;
        }
        // A text without added tokens is kept as a whole prompt already.
        EncodeNormalized(text[Math.Min(from, text.Length)..], from == 0, run, from == 0 ? null : cache);
    }

    private void EncodeNormalized(ReadOnlySpan<char> text, bool atStart, EncodeRun run, TokenizerCache? cache)
    {
        if (text.IsEmpty)
            return;
        if (_normalizer is not null && !_normalizer.Keeps(text))
        {
            run.Normalized.Clear();
            _normalizer.Normalize(text, run.Normalized);
            text = run.Normalized.Span;
        }
        var finder = _added.Normalized;
        if (finder.IsEmpty)
        {
            EncodeSegment(text, atStart, run, cache);
            return;
        }
        int from = 0, search = 0;
        while (finder.TryFind(text, ref search, from, out var start, out var end, out var id))
        {
            if (from < start)
                EncodeSegment(text[from..start], atStart && from == 0, run, cache);
            run.Output.Add(id);
            from = end;
        }
        EncodeSegment(text[from..], atStart && from == 0, run, cache);
    }

    private void EncodeSegment(ReadOnlySpan<char> text, bool atStart, EncodeRun run, TokenizerCache? cache)
    {
        if (cache is null)
        {
            run.Pass(text, atStart, 0);
            return;
        }
        if (cache.TryGetSegment(this, atStart, text, run.Output))
            return;
        var before = run.Output.Count;
        run.Pass(text, atStart, 0);
        cache.SetSegment(this, atStart, text, run.Output.Ids[before..]);
    }
}
