namespace Gateway.Text.Tokenizers.Models;

/// <summary>
/// The ids of pieces seen before. Words repeat, so most pieces are found here. A slot is one immutable entry, replaced by one write:
/// no lock, and a race costs no more than a miss.
/// </summary>
/// <remarks>Bounded: <see cref="Slots"/> entries of at most <see cref="LongestPiece"/> units, about 10 MB when all are full and long.</remarks>
internal sealed class PieceCache
{
    /// <summary>Longer pieces rarely come twice.</summary>
    public const int LongestPiece = 48;

    private const int Slots = 1 << 15;

    private readonly Entry?[] _entries = new Entry?[Slots];

    private sealed record Entry(ulong Hash, char[] Piece, int[] Ids);

    public bool TryGet(ReadOnlySpan<char> piece, ulong hash, TokenBuffer output)
    {
        var entry = Volatile.Read(ref _entries[(int)(hash >> 40) & (Slots - 1)]);
        if (entry is null || entry.Hash != hash || !piece.SequenceEqual(entry.Piece))
            return false;
        var ids = entry.Ids;
        if (ids.Length == 1)
            output.Add(ids[0]);
        else
            output.Add(ids.AsSpan());
        return true;
    }

    public void Set(ReadOnlySpan<char> piece, ulong hash, ReadOnlySpan<int> ids) =>
        Volatile.Write(ref _entries[(int)(hash >> 40) & (Slots - 1)], new Entry(hash, piece.ToArray(), ids.ToArray()));
}
