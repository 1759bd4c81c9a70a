using System.Text;

namespace Gateway.Text.Tokenizers.Models;

/// <summary>BPE over the characters of a piece, as SentencePiece and older vocabularies have it.</summary>
internal sealed class BpeModel : TokenModel
{
    private readonly MergeTable _merges;
    private readonly BpeOptions _options;
    private readonly int _unknown = -1;
    private readonly int[] _basicPlane = new int[0x10000];
    private readonly int[] _byteTokens = new int[256];
    private readonly TokenSeams? _seams;
    private readonly PieceCache _cache = new();

    public BpeModel(Vocabulary vocabulary, MergeTable merges, BpeOptions options)
        : base(vocabulary)
    {
        _merges = merges;
        _options = options;
        if (options.UnknownToken is { } unknown)
        {
            _unknown = vocabulary.IdOf(unknown);
            if (_unknown < 0)
                throw new TokenizerFormatException($"The unknown token {unknown} is not in the vocabulary.");
        }
        for (var value = 0; value < 256; value++)
            _byteTokens[value] = vocabulary.IdOf($"<0x{value:X2}>");
        for (var unit = 0; unit < _basicPlane.Length; unit++)
            _basicPlane[unit] = char.IsSurrogate((char)unit) ? -1 : vocabulary.IdOf([(char)unit]);
        var complete = options.ByteFallback && !_byteTokens.Contains(-1);
        if (complete && !options.IgnoreMerges && Affixes is (null, null))
            _seams = new TokenSeams(vocabulary);
    }

    private (string? Prefix, string? Suffix) Affixes => (_options.ContinuingSubwordPrefix, _options.EndOfWordSuffix);

    public override void Encode(ReadOnlySpan<char> piece, EncodeRun run)
    {
        if (_seams is null)
        {
            EncodePart(piece, run);
            return;
        }
        while (!piece.IsEmpty)
        {
            var length = _seams.FirstPart(piece);
            EncodePart(piece[..length], run);
            piece = piece[length..];
        }
    }

    private void EncodePart(ReadOnlySpan<char> part, EncodeRun run)
    {
        if (part.Length > PieceCache.LongestPiece)
        {
            Merge(part, run);
            return;
        }
        var hash = ByteHash.Of(part);
        if (_cache.TryGet(part, hash, run.Output))
            return;
        var before = run.Output.Count;
        Merge(part, run);
        _cache.Set(part, hash, run.Output.Ids[before..]);
    }

    private void Merge(ReadOnlySpan<char> part, EncodeRun run)
    {
        if (_options.IgnoreMerges && Vocabulary.IdOf(part) is >= 0 and var whole)
        {
            run.Output.Add(whole);
            return;
        }
        var merges = run.Merges;
        merges.Clear();
        var pendingUnknown = false;
        for (var index = 0; index < part.Length;)
        {
            Rune.DecodeFromUtf16(part[index..], out var rune, out var length);
            var id = SymbolOf(part.Slice(index, length), rune, index == 0, index + length == part.Length);
            index += length;
            if (id >= 0)
            {
                if (pendingUnknown)
                    merges.Add(_unknown);
                pendingUnknown = false;
                merges.Add(id);
            }
            else if ((!_options.ByteFallback || !AddBytes(rune, merges)) && _unknown >= 0)
            {
                if (pendingUnknown && !_options.FuseUnknown)
                    merges.Add(_unknown);
                pendingUnknown = true;
            }
        }
        if (pendingUnknown)
            merges.Add(_unknown);
        merges.Merge(_merges, run.Cancellation);
        run.Output.Add(merges.Symbols);
    }

    private int SymbolOf(ReadOnlySpan<char> character, Rune rune, bool isFirst, bool isLast)
    {
        var prefix = isFirst ? null : _options.ContinuingSubwordPrefix;
        var suffix = isLast ? _options.EndOfWordSuffix : null;
        if (prefix is not null || suffix is not null)
            return Vocabulary.IdOf(string.Concat(prefix, character, suffix));
        return rune.IsBmp ? _basicPlane[rune.Value] : Vocabulary.IdOf(character);
    }

    private bool AddBytes(Rune rune, MergeScratch merges)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes = bytes[..rune.EncodeToUtf8(bytes)];
        foreach (var value in bytes)
        {
            if (_byteTokens[value] < 0)
                return false;
        }
        foreach (var value in bytes)
            merges.Add(_byteTokens[value]);
        return true;
    }
}
