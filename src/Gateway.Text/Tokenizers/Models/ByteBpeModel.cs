using System.Buffers;
using System.Text;
using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.Models;

/// <summary>
/// BPE over the bytes of a piece. The file writes bytes as characters (<see cref="ByteLevelAlphabet"/>); here the vocabulary is turned
/// back into bytes once, so that no text has to be spelled out in that alphabet.
/// </summary>
internal sealed class ByteBpeModel : TokenModel
{
    private readonly Vocabulary _pieces;
    private readonly MergeTable _merges;
    private readonly bool _ignoreMerges;
    private readonly int[] _byteTokens = new int[256];
    private readonly PieceCache _cache = new();

    public ByteBpeModel(Vocabulary vocabulary, MergeTable merges, bool ignoreMerges)
        : this(vocabulary, BytesOf(vocabulary), merges, ignoreMerges)
    {
    }

    /// <summary>Creates a model.</summary>
    /// <param name="vocabulary">The tokens in the byte-level alphabet.</param>
    /// <param name="pieces">The tokens as bytes.</param>
    /// <param name="merges">Which tokens merge.</param>
    /// <param name="ignoreMerges">Whether a piece that is a token stays whole.</param>
    public ByteBpeModel(Vocabulary vocabulary, Vocabulary pieces, MergeTable merges, bool ignoreMerges)
        : base(vocabulary)
    {
        _merges = merges;
        _ignoreMerges = ignoreMerges;
        _pieces = pieces;
        for (var value = 0; value < 256; value++)
            _byteTokens[value] = _pieces.IdOf([(byte)value]);
    }

    public override void Encode(ReadOnlySpan<char> piece, EncodeRun run)
    {
        if (piece.Length > PieceCache.LongestPiece)
        {
            Merge(piece, run);
            return;
        }
        var hash = ByteHash.Of(piece);
        if (_cache.TryGet(piece, hash, run.Output))
            return;
        var before = run.Output.Count;
        Merge(piece, run);
        _cache.Set(piece, hash, run.Output.Ids[before..]);
    }

    private static Vocabulary BytesOf(Vocabulary vocabulary)
    {
        var pieces = new Vocabulary.Builder();
        var buffer = new byte[256];
        for (var id = 0; id < vocabulary.IdLimit; id++)
        {
            if (!vocabulary.TryGetBytes(id, out var token))
                continue;
            if (buffer.Length < token.Length)
                buffer = new byte[token.Length];
            if (ByteLevelAlphabet.TryGetBytes(token, buffer, out var written))
                pieces.Add(buffer.AsSpan(0, written), id);
        }
        return pieces.Build();
    }

    private void Merge(ReadOnlySpan<char> piece, EncodeRun run)
    {
        var rented = piece.Length > 256 ? ArrayPool<byte>.Shared.Rent(piece.Length * 3) : null;
        try
        {
            Span<byte> buffer = rented ?? stackalloc byte[768];
            var bytes = buffer[..Encoding.UTF8.GetBytes(piece, buffer)];
            if (_ignoreMerges && _pieces.IdOf(bytes) is >= 0 and var whole)
            {
                run.Output.Add(whole);
                return;
            }
            var merges = run.Merges;
            merges.Clear();
            foreach (var value in bytes)
            {
                // A byte without a token and without an unknown token to stand for it is left out, as the original does.
                if (_byteTokens[value] >= 0)
                    merges.Add(_byteTokens[value]);
            }
            merges.Merge(_merges, run.Cancellation);
            run.Output.Add(merges.Symbols);
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
