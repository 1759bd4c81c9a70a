using System.Collections.Concurrent;
using Gateway.Text.Tokenizers.Models;

namespace Gateway.Text.Tokenizers.Caching;

/// <summary>
/// Texts and their ids, within a number of bytes. Reading takes no lock; what was not read for a while goes first (second chance).
/// </summary>
/// <param name="capacity">Bytes.</param>
internal sealed class IdCache(long capacity)
{
    /// <summary>What an entry costs besides its text and ids: objects, dictionary and queue, measured and rounded up.</summary>
    private const int Overhead = 256;

    /// <summary>No entry may take more than this part of all.</summary>
    private const int LargestPart = 8;

    private readonly ConcurrentDictionary<ulong, Entry> _entries = [];
    private readonly ConcurrentQueue<Entry> _queue = [];
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();
    private long _bytes;
    private long _hits;
    private long _misses;
    private int _evicting;

    public TokenizerCacheStatistics Statistics =>
        new(Volatile.Read(ref _hits), Volatile.Read(ref _misses), _entries.Count, Volatile.Read(ref _bytes), capacity);

    /// <summary>Appends the ids of a text if they are known.</summary>
    /// <param name="owner">What stands for the tokenizer.</param>
    /// <param name="variant">Tells apart what one tokenizer makes of one text in different places.</param>
    /// <param name="text">The text.</param>
    /// <param name="output">Takes the ids.</param>
    public bool TryGet(object owner, bool variant, ReadOnlySpan<char> text, TokenBuffer output)
    {
        if (_entries.TryGetValue(KeyOf(variant, text), out var entry) && entry.Is(owner, variant, text))
        {
            entry.Used = true;
            output.Add(entry.Ids.AsSpan());
            Interlocked.Increment(ref _hits);
            return true;
        }
        Interlocked.Increment(ref _misses);
        return false;
    }

    public void Set(object owner, bool variant, ReadOnlySpan<char> text, ReadOnlySpan<int> ids)
    {
        var size = Overhead + (text.Length * sizeof(char)) + (ids.Length * sizeof(int));
        if (size > capacity / LargestPart)
            return;
        var entry = new Entry(KeyOf(variant, text), owner, variant, text.ToArray(), ids.ToArray(), size);
        // Another entry with this key is the same text, just set by another thread, or a collision, which is as good.
        if (!_entries.TryAdd(entry.Key, entry))
            return;
        _queue.Enqueue(entry);
        if (Interlocked.Add(ref _bytes, size) > capacity)
            Evict();
    }

    private ulong KeyOf(bool variant, ReadOnlySpan<char> text) => ByteHash.Mix(ByteHash.Of(text) ^ _seed ^ (variant ? 1UL : 0));

    /// <summary>One thread makes room for all; the others go on.</summary>
    private void Evict()
    {
        while (Volatile.Read(ref _bytes) > capacity)
        {
            if (Interlocked.Exchange(ref _evicting, 1) != 0)
                return;
            while (Volatile.Read(ref _bytes) > capacity && _queue.TryDequeue(out var entry))
            {
                if (entry.Used)
                {
                    entry.Used = false;
                    _queue.Enqueue(entry);
                    continue;
                }
                _entries.TryRemove(entry.Key, out _);
                Interlocked.Add(ref _bytes, -entry.Size);
            }
            Volatile.Write(ref _evicting, 0);
        }
    }

    private sealed class Entry(ulong key, object owner, bool variant, char[] text, int[] ids, int size)
    {
        public ulong Key { get; } = key;

        public int[] Ids { get; } = ids;

        public int Size { get; } = size;

        /// <summary>Gets or sets whether it was read since it was last looked at for eviction.</summary>
        public bool Used { get; set; }

        public bool Is(object anOwner, bool aVariant, ReadOnlySpan<char> aText) =>
            ReferenceEquals(owner, anOwner) && variant == aVariant && aText.SequenceEqual(text);
    }
}
