using System.Numerics;
using System.Runtime.CompilerServices;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing;

/// <summary>
/// A bounded hash map with chaining whose entries also form a list by last use. It grows by doubling up to its capacity; from then on
/// a new session takes the place of the least recently used one. Everything needs <see cref="Gate"/>.
/// </summary>
internal sealed class StickyShard(int capacity, long maxIdle, StickyTable.SessionCounts sessions)
{
    private const int None = -1;
    private const int FirstSize = 16;

    private int[] _heads = [];
    private Session[] _slots = [];
    private int _newest = None;
    private int _oldest = None;
    private int _free = None;
    private int _used;

    /// <summary>So that the table of heads, up to twice as long, fits an array.</summary>
    public const int LargestCapacity = 1 << 28;

    /// <summary>A slot, and its share of the heads, which are up to twice as many.</summary>
    public static int BytesPerSession => Unsafe.SizeOf<Session>() + (2 * sizeof(int));

    public Lock Gate { get; } = new();

    public int Capacity => capacity;

    public int Count { get; private set; }

    public long Bytes => ((long)_slots.Length * Unsafe.SizeOf<Session>()) + ((long)_heads.Length * sizeof(int));

    /// <summary>The session's workers, the older one first; default stands for none. Counts as a use.</summary>
    public (WorkerId First, WorkerId Second) Find(UInt128 key, long now)
    {
        var slot = SlotOf(key);
        if (slot == None)
            return default;
        if (now - _slots[slot].UsedAt > maxIdle)
        {
            Remove(slot);
            return default;
        }

        Unlink(slot);
        LinkAsNewest(slot, now);
        return (_slots[slot].First, _slots[slot].Second);
    }

    /// <summary>Puts the session on one more worker; of three the oldest is dropped.</summary>
    public void Assign(UInt128 key, WorkerId worker, long now)
    {
        var slot = SlotOf(key);
        if (slot == None)
            slot = Insert(key, now);
        ref var session = ref _slots[slot];
        sessions.Add(worker);
        if (session.First == default)
        {
            session.First = worker;
            return;
        }

        if (session.Second != default)
        {
            sessions.Remove(session.First);
            session.First = session.Second;
        }

        session.Second = worker;
    }

    private int SlotOf(UInt128 key)
    {
        if (_heads.Length == 0)
            return None;
        var slot = _heads[HeadOf(key)] - 1;
        while (slot != None && _slots[slot].Key != key)
            slot = _slots[slot].Next;
        return slot;
    }

    private int HeadOf(UInt128 key) => (int)(ulong)key & (_heads.Length - 1);

    private int Insert(UInt128 key, long now)
    {
        // One more than comes in: whoever is idle for too long goes, without ever sweeping.
        for (var i = 0; i < 2 && _oldest != None && now - _slots[_oldest].UsedAt > maxIdle; i++)
            Remove(_oldest);
        if (Count == capacity)
            Remove(_oldest);
        if (_free == None && _used == _slots.Length)
            Grow();
        var slot = _free;
        if (slot == None)
            slot = _used++;
        else
            _free = _slots[slot].Next;
        ref var head = ref _heads[HeadOf(key)];
        _slots[slot] = new Session { Key = key, Next = head - 1 };
        head = slot + 1;
        LinkAsNewest(slot, now);
        Count++;
        return slot;
    }

    private void Remove(int slot)
    {
        Unlink(slot);
        ref var session = ref _slots[slot];
        ref var head = ref _heads[HeadOf(session.Key)];
        if (head - 1 == slot)
        {
            head = session.Next + 1;
        }
        else
        {
            var before = head - 1;
            while (_slots[before].Next != slot)
                before = _slots[before].Next;
            _slots[before].Next = session.Next;
        }

        sessions.Remove(session.First);
        sessions.Remove(session.Second);
        session = new Session { Next = _free };
        _free = slot;
        Count--;
    }

    private void Grow()
    {
        var size = Math.Min(capacity, Math.Max(FirstSize, _slots.Length * 2));
        Array.Resize(ref _slots, size);
        _heads = new int[BitOperations.RoundUpToPowerOf2((uint)size)];
        for (var slot = 0; slot < _used; slot++)
        {
            ref var head = ref _heads[HeadOf(_slots[slot].Key)];
            _slots[slot].Next = head - 1;
            head = slot + 1;
        }
    }

    private void Unlink(int slot)
    {
        ref var session = ref _slots[slot];
        if (session.Newer == None)
            _newest = session.Older;
        else
            _slots[session.Newer].Older = session.Older;
        if (session.Older == None)
            _oldest = session.Newer;
        else
            _slots[session.Older].Newer = session.Newer;
    }

    private void LinkAsNewest(int slot, long now)
    {
        ref var session = ref _slots[slot];
        session.UsedAt = now;
        session.Newer = None;
        session.Older = _newest;
        if (_newest == None)
            _oldest = slot;
        else
            _slots[_newest].Newer = slot;
        _newest = slot;
    }

    /// <summary>The heads hold slots plus one, so that a fresh array is an empty one.</summary>
    private struct Session
    {
        public UInt128 Key;
        public WorkerId First;
        public WorkerId Second;
        public long UsedAt;
        public int Next;
        public int Newer;
        public int Older;
    }
}
