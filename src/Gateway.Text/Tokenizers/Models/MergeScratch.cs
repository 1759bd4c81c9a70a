using System.Buffers;

namespace Gateway.Text.Tokenizers.Models;

/// <summary>
/// The symbols of one piece while they are merged. Short pieces, which are nearly all, are scanned for the best merge each time;
/// long ones keep their candidates in a heap over a linked list, so that a text without a single space costs n log n.
/// </summary>
internal sealed class MergeScratch : IDisposable
{
    /// <summary>Up to this many symbols scanning is faster than a heap.</summary>
    private const int ScanLimit = 40;

    private int[] _symbols = new int[256];
    private readonly int[] _ranks = new int[ScanLimit];
    private readonly int[] _merged = new int[ScanLimit];
    private int[] _previous = [];
    private int[] _next = [];
    private Candidate[] _heap = [];
    private int _heapCount;
    private int _count;

    /// <summary>A possible merge; stale if what stands at its place by now would not become this token.</summary>
    private readonly record struct Candidate(ulong Order, int Token);

    /// <summary>Gets the symbols; after <see cref="Merge"/>, the tokens.</summary>
    public ReadOnlySpan<int> Symbols => _symbols.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public void Add(int symbol)
    {
        if (_count == _symbols.Length)
            Array.Resize(ref _symbols, _symbols.Length * 2);
        _symbols[_count++] = symbol;
    }

    /// <summary>Merges the best-ranked pair, the leftmost of equals, until there is none.</summary>
    public void Merge(MergeTable merges, CancellationToken cancellation)
    {
        if (_count <= ScanLimit)
            MergeByScanning(merges);
        else
            MergeByHeap(merges, cancellation);
    }

    public void Dispose()
    {
        Release(ref _previous);
        Release(ref _next);
        if (_heap.Length > 0)
            ArrayPool<Candidate>.Shared.Return(_heap);
        _heap = [];
        if (_symbols.Length > 4096)
            _symbols = new int[256];
    }

    private static void Release(ref int[] array)
    {
        if (array.Length > 0)
            ArrayPool<int>.Shared.Return(array);
        array = [];
    }

    private void MergeByScanning(MergeTable merges)
    {
        var count = _count;
        var symbols = _symbols.AsSpan(0, count);
        var ranks = _ranks.AsSpan();
        var merged = _merged.AsSpan();
        for (var index = 0; index + 1 < count; index++)
            merges.TryFind(symbols[index], symbols[index + 1], out ranks[index], out merged[index]);
        while (count > 1)
        {
            var best = 0;
            var bestRank = ranks[0];
            for (var index = 1; index < count - 1; index++)
            {
                if (ranks[index] < bestRank)
                {
                    bestRank = ranks[index];
                    best = index;
                }
            }
            if (bestRank == int.MaxValue)
                break;
            symbols[best] = merged[best];
            count--;
            for (var index = best + 1; index < count; index++)
            {
                symbols[index] = symbols[index + 1];
                ranks[index] = ranks[index + 1];
                merged[index] = merged[index + 1];
            }
            if (best > 0)
                merges.TryFind(symbols[best - 1], symbols[best], out ranks[best - 1], out merged[best - 1]);
            if (best + 1 < count)
                merges.TryFind(symbols[best], symbols[best + 1], out ranks[best], out merged[best]);
        }
        _count = count;
    }

    private void MergeByHeap(MergeTable merges, CancellationToken cancellation)
    {
        EnsureLinks();
        _heapCount = 0;
        for (var index = 0; index < _count; index++)
        {
            _previous[index] = index - 1;
            _next[index] = index + 1 < _count ? index + 1 : -1;
        }
        for (var index = 0; index + 1 < _count; index++)
            Consider(merges, index, index + 1);
        for (var steps = 1; _heapCount > 0; steps++)
        {
            if ((steps & 0xFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            var candidate = Pop();
            var left = (int)(uint)candidate.Order;
            var right = _symbols[left] < 0 ? -1 : _next[left];
            if (right < 0
                || !merges.TryFind(_symbols[left], _symbols[right], out _, out var token)
                || token != candidate.Token)
            {
                continue;
            }
            _symbols[left] = token;
            _symbols[right] = -1;
            _next[left] = _next[right];
            if (_next[right] >= 0)
                _previous[_next[right]] = left;
            if (_previous[left] >= 0)
                Consider(merges, _previous[left], left);
            if (_next[left] >= 0)
                Consider(merges, left, _next[left]);
        }
        var kept = 0;
        for (var index = 0; index >= 0; index = _next[index])
            _symbols[kept++] = _symbols[index];
        _count = kept;
    }

    private void EnsureLinks()
    {
        if (_previous.Length >= _count)
            return;
        Release(ref _previous);
        Release(ref _next);
        _previous = ArrayPool<int>.Shared.Rent(_count);
        _next = ArrayPool<int>.Shared.Rent(_previous.Length);
        if (_next.Length < _previous.Length)
            Array.Resize(ref _next, _previous.Length);
    }

    private void Consider(MergeTable merges, int left, int right)
    {
        if (merges.TryFind(_symbols[left], _symbols[right], out var rank, out var token))
            Push(new Candidate(((ulong)(uint)rank << 32) | (uint)left, token));
    }

    private void Push(Candidate candidate)
    {
        if (_heapCount == _heap.Length)
        {
            var larger = ArrayPool<Candidate>.Shared.Rent(Math.Max(256, _heapCount * 2));
            _heap.AsSpan(0, _heapCount).CopyTo(larger);
            if (_heap.Length > 0)
                ArrayPool<Candidate>.Shared.Return(_heap);
            _heap = larger;
        }
        var heap = _heap;
        var index = _heapCount++;
        while (index > 0)
        {
            var parent = (index - 1) >> 1;
            if (heap[parent].Order <= candidate.Order)
                break;
            heap[index] = heap[parent];
            index = parent;
        }
        heap[index] = candidate;
    }

    private Candidate Pop()
    {
        var heap = _heap;
        var top = heap[0];
        var last = heap[--_heapCount];
        var count = _heapCount;
        var index = 0;
        while (true)
        {
            var child = (index * 2) + 1;
            if (child >= count)
                break;
            if (child + 1 < count && heap[child + 1].Order < heap[child].Order)
                child++;
            if (heap[child].Order >= last.Order)
                break;
            heap[index] = heap[child];
            index = child;
        }
        heap[index] = last;
        return top;
    }
}
