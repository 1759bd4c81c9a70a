using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gateway.Text.Tokenizers.Models;

/// <summary>Which two neighbours become which token, and in what order: one open-addressed array, a merge is one cache line away.</summary>
internal sealed class MergeTable
{
    private readonly Merge[] _slots;
    private readonly int _shift;

    private MergeTable(Merge[] slots)
    {
        _slots = slots;
        _shift = 64 - BitOperations.Log2((uint)slots.Length);
    }

    /// <summary>The pair, its rank (the smallest goes first), and the token it becomes. A free slot has the pair <see cref="Free"/>.</summary>
    private readonly record struct Merge(ulong Pair, int Rank, int Token);

    private const ulong Free = ulong.MaxValue;

    /// <summary>Finds the merge of two neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFind(int left, int right, out int rank, out int token)
    {
        var pair = PairOf(left, right);
        var slots = _slots;
        for (var slot = (int)(Spread(pair) >> _shift); ; slot = (slot + 1) & (slots.Length - 1))
        {
            ref readonly var merge = ref slots[slot];
            if (merge.Pair == pair)
            {
                rank = merge.Rank;
                token = merge.Token;
                return true;
            }
            if (merge.Pair == Free)
            {
                rank = int.MaxValue;
                token = -1;
                return false;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong PairOf(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Spread(ulong pair)
    {
        pair *= 0x9E3779B97F4A7C15;
        pair ^= pair >> 32;
        return pair * 0xD6E8FEB86659FD93;
    }

    /// <summary>Collects merges; the last one of a pair wins.</summary>
    public sealed class Builder
    {
        private Merge[] _merges = new Merge[1 << 12];
        private int _count;

        public void Add(int left, int right, int rank, int token)
        {
            if (_count == _merges.Length)
                Array.Resize(ref _merges, _merges.Length * 2);
            _merges[_count++] = new Merge(PairOf(left, right), rank, token);
        }

        public MergeTable Build()
        {
            var length = 16;
            while (length < _count * 3L / 2)
                length *= 2;
            var table = new MergeTable(new Merge[length]);
            Array.Fill(table._slots, new Merge(Free, 0, 0));
            foreach (var merge in _merges.AsSpan(0, _count))
            {
                var slot = (int)(Spread(merge.Pair) >> table._shift);
                while (table._slots[slot].Pair != Free && table._slots[slot].Pair != merge.Pair)
                    slot = (slot + 1) & (length - 1);
                table._slots[slot] = merge;
            }
            return table;
        }
    }
}
