using System.Buffers;
using System.Text;

namespace Gateway.Text.Tokenizers.Models;

/// <summary>The most probable segmentation, found from left to right (Viterbi).</summary>
internal sealed class UnigramModel : TokenModel
{
    /// <summary>How much worse than the worst token an unknown character is: SentencePiece's number.</summary>
    private const double UnknownPenalty = 10;

    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int _unknown;
    private readonly bool _byteFallback;
    private readonly int[] _byteTokens = new int[256];
    private readonly PrefixTrie _trie;
    private readonly PieceCache _cache = new();

    public UnigramModel(UnigramVocabulary vocabulary, int? unknown, bool byteFallback)
        : base(vocabulary.Vocabulary)
    {
        _scores = vocabulary.Scores;
        if (unknown is { } id && (uint)id >= (uint)_scores.Length)
            throw new TokenizerFormatException("The unknown token's id is not in the vocabulary.");
        _unknown = unknown ?? -1;
        _unknownScore = (_scores.Length == 0 ? 0 : _scores.Min()) - UnknownPenalty;
        _byteFallback = byteFallback;
        for (var value = 0; value < 256; value++)
            _byteTokens[value] = Vocabulary.IdOf($"<0x{value:X2}>");
        _byteFallback &= !_byteTokens.Contains(-1);
        _trie = new PrefixTrie(Vocabulary);
    }

    /// <summary>The best way to here: its score, where its last token begins, and which it is. -1 as start: no way yet.</summary>
    private readonly record struct Node(double Score, int Start, int Token);

    public override void Encode(ReadOnlySpan<char> piece, EncodeRun run)
    {
        if (piece.Length > PieceCache.LongestPiece)
        {
            EncodeUncached(piece, run);
            return;
        }
        var hash = ByteHash.Of(piece);
        if (_cache.TryGet(piece, hash, run.Output))
            return;
        var before = run.Output.Count;
        EncodeUncached(piece, run);
        _cache.Set(piece, hash, run.Output.Ids[before..]);
    }

    private void EncodeUncached(ReadOnlySpan<char> piece, EncodeRun run)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(piece.Length * 3);
        var nodes = ArrayPool<Node>.Shared.Rent((piece.Length * 3) + 1);
        try
        {
            var text = bytes.AsSpan(0, Encoding.UTF8.GetBytes(piece, bytes));
            FindPath(text, nodes.AsSpan(0, text.Length + 1), run.Cancellation);
            WritePath(text, nodes, run.Output);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<Node>.Shared.Return(nodes);
        }
    }

    private void FindPath(ReadOnlySpan<byte> text, Span<Node> nodes, CancellationToken cancellation)
    {
        nodes.Fill(new Node(0, -1, -1));
        for (var (start, steps) = (0, 1); start < text.Length; steps++)
        {
            if ((steps & 0xFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            var score = nodes[start].Score;
            Rune.DecodeFromUtf8(text[start..], out _, out var characterLength);
            var hasCharacter = false;
            var node = PrefixTrie.Root;
            for (var end = start; end < text.Length && _trie.TryStep(ref node, text[end]);)
            {
                end++;
                var token = _trie.TokenAt(node);
                if (token < 0)
                    continue;
                Offer(ref nodes[end], new Node(_scores[token] + score, start, token));
                hasCharacter |= end - start == characterLength;
            }
            if (!hasCharacter)
            {
                if (_unknown < 0)
                    throw new TokenizerFormatException("The text has a character that the vocabulary does not, and there is no unknown token.");
                Offer(ref nodes[start + characterLength], new Node(_unknownScore + score, start, _unknown));
            }
            start += characterLength;
        }

        static void Offer(ref Node best, Node candidate)
        {
            if (best.Start < 0 || candidate.Score > best.Score)
                best = candidate;
        }
    }

    /// <summary>Walks the path back, turning starts into ends, then forward. Unknown tokens in a row are one.</summary>
    private void WritePath(ReadOnlySpan<byte> text, Span<Node> nodes, TokenBuffer output)
    {
        var next = -1;
        for (var end = text.Length; end >= 0;)
        {
            var node = nodes[end];
            nodes[end] = node with { Score = next };
            (next, end) = (end, end == 0 ? -1 : node.Start);
        }
        for (var start = 0; start < text.Length;)
        {
            var end = (int)nodes[start].Score;
            var token = nodes[end].Token;
            if (token != _unknown)
            {
                output.Add(token);
                start = end;
                continue;
            }
            while (end < text.Length && nodes[(int)nodes[end].Score].Token == _unknown)
                end = (int)nodes[end].Score;
            WriteUnknown(text[start..end], output);
            start = end;
        }
    }

    private void WriteUnknown(ReadOnlySpan<byte> text, TokenBuffer output)
    {
        if (Vocabulary.IdOf(text) is >= 0 and var id)
        {
            output.Add(id);
        }
        else if (_byteFallback)
        {
            foreach (var value in text)
                output.Add(_byteTokens[value]);
        }
        else
        {
            output.Add(_unknown);
        }
    }
}
