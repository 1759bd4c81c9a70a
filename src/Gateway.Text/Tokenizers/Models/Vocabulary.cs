using System.Buffers;
using System.Text;

namespace Gateway.Text.Tokenizers.Models;

/// <summary>
/// Tokens and their ids. All tokens stand in one array of bytes: a vocabulary of a quarter million strings would be as many objects
/// for the garbage collector to visit.
/// </summary>
internal sealed class Vocabulary
{
    private readonly byte[] _bytes;
    private readonly Entry[] _entries;
    private readonly int[] _slots;
    private readonly int[] _entryOfId;

    private Vocabulary(byte[] bytes, Entry[] entries, int[] slots, int[] entryOfId, int count)
    {
        _bytes = bytes;
        _entries = entries;
        _slots = slots;
        _entryOfId = entryOfId;
        Count = count;
    }

    private readonly record struct Entry(int Start, int Length, int Id);

    /// <summary>Gets how many different tokens there are.</summary>
    public int Count { get; }

    /// <summary>Gets one more than the largest id.</summary>
    public int IdLimit => _entryOfId.Length;

    /// <summary>Gets a token's id, or -1.</summary>
    public int IdOf(ReadOnlySpan<byte> token)
    {
        var mask = _slots.Length - 1;
        for (var slot = (int)ByteHash.Of(token) & mask; ; slot = (slot + 1) & mask)
        {
            var index = _slots[slot];
            if (index < 0)
                return -1;
            ref readonly var entry = ref _entries[index];
            if (entry.Length == token.Length && token.SequenceEqual(_bytes.AsSpan(entry.Start, entry.Length)))
                return entry.Id;
        }
    }

    /// <summary>Gets a token's id, or -1.</summary>
    public int IdOf(ReadOnlySpan<char> token)
    {
        var rented = token.Length > 128 ? ArrayPool<byte>.Shared.Rent(token.Length * 3) : null;
        Span<byte> bytes = rented ?? stackalloc byte[384];
        var id = IdOf(bytes[..Encoding.UTF8.GetBytes(token, bytes)]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        return id;
    }

    /// <summary>Gets the bytes of the token with this id; false if there is none.</summary>
    public bool TryGetBytes(int id, out ReadOnlySpan<byte> token)
    {
        if ((uint)id >= (uint)_entryOfId.Length || _entryOfId[id] < 0)
        {
            token = default;
            return false;
        }
        ref readonly var entry = ref _entries[_entryOfId[id]];
        token = _bytes.AsSpan(entry.Start, entry.Length);
        return true;
    }

    /// <summary>Collects tokens; the last one of a name wins, as in a JSON object.</summary>
    public sealed class Builder
    {
        private byte[] _bytes = new byte[1 << 16];
        private Entry[] _entries = new Entry[1 << 12];
        private int _count;
        private int _used;

        public void Add(ReadOnlySpan<byte> token, int id)
        {
            if (id < 0)
                throw new TokenizerFormatException("A token has a negative id.");
            if (_bytes.Length - _used < token.Length)
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + token.Length));
            if (_count == _entries.Length)
                Array.Resize(ref _entries, _entries.Length * 2);
            token.CopyTo(_bytes.AsSpan(_used));
            _entries[_count++] = new Entry(_used, token.Length, id);
            _used += token.Length;
        }

        public Vocabulary Build()
        {
            var slots = new int[SlotCount(_count)];
            Array.Fill(slots, -1);
            var limit = 0;
            var distinct = 0;
            for (var index = 0; index < _count; index++)
            {
                limit = Math.Max(limit, _entries[index].Id + 1);
                if (Place(slots, index))
                    distinct++;
            }
            if (limit > (_count * 4L) + 1_000_000)
                throw new TokenizerFormatException($"The largest token id, {limit - 1}, does not fit a vocabulary of {_count} tokens.");
            var entryOfId = new int[limit];
            Array.Fill(entryOfId, -1);
            foreach (var index in slots)
            {
                if (index >= 0)
                    entryOfId[_entries[index].Id] = index;
            }
            return new Vocabulary(_bytes.AsSpan(0, _used).ToArray(), _entries.AsSpan(0, _count).ToArray(), slots, entryOfId, distinct);
        }

        private static int SlotCount(int tokens)
        {
            var slots = 16;
            while (slots < tokens * 2L)
                slots *= 2;
            return slots;
        }

        private bool Place(int[] slots, int index)
        {
            var token = _bytes.AsSpan(_entries[index].Start, _entries[index].Length);
            var mask = slots.Length - 1;
            for (var slot = (int)ByteHash.Of(token) & mask; ; slot = (slot + 1) & mask)
            {
                if (slots[slot] < 0)
                {
                    slots[slot] = index;
                    return true;
                }
                ref readonly var other = ref _entries[slots[slot]];
                if (token.SequenceEqual(_bytes.AsSpan(other.Start, other.Length)))
                {
                    slots[slot] = index;
                    return false;
                }
            }
        }
    }
}
