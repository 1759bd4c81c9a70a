using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// The one memory of all prefix indexes: a set-associative table of pages, laid out as a processor's cache is. A page's key chooses
/// a set of 16 slots; a slot says which workers of one group have seen the page. All of it is one array without references, taken
/// once: it can't outgrow its cap, costs the garbage collector nothing, and an insert allocates nothing. A full set gives up the slot
/// that was not used for longest, which is all the eviction there is.
/// </summary>
/// <remarks>
/// <para>
/// Nobody locks and nobody waits. A slot is two words, <c>key ^ data</c> and <c>data</c>: the key is found only if both words belong
/// together, so a reader that comes between two writes sees no entry, never a wrong one (Hyatt and Mann, "A lockless transposition
/// table implementation for parallel search chess engines", 2002). A writer takes a slot by exchanging the data word, and writes the
/// other word after. Writers that race can lose an entry or write it twice; both only blur a hint.
/// </para>
/// <para>
/// Since a prompt stamps all its pages at once, the end of a prefix is never younger than its beginning, so suffixes go first.
/// </para>
/// </remarks>
internal sealed class PrefixTable
{
    public const int Ways = 16;
    public const int SlotBytes = 2 * sizeof(ulong);
    private const int BitsOfWay = 4;
    private const int WordsPerSet = 2 * Ways;
    private const int LineBytes = 64;
    private const int WordsPerLine = LineBytes / sizeof(ulong);
    private const int MostTries = 4;

    /// <summary>Sets that one pick looks through for what was left by workers that are gone: about a microsecond.</summary>
    private const int SetsPerSweep = 32;

    private readonly ulong[] _words;
    private readonly ulong _sets;
    private readonly long _first;
    private long _used;
    private long _evictions;
    private long _setsToSweep;
    private long _hand;

    /// <param name="capBytes">Bytes it may take; at least one set of 256 bytes.</param>
    public PrefixTable(long capBytes)
    {
        var sets = Math.Clamp(capBytes / (WordsPerSet * sizeof(ulong)), 1, (Array.MaxLength - WordsPerLine) / WordsPerSet);
        _sets = (ulong)sets;
        // Pinned, so that sets begin where lines of the processor's cache do, and stay there: one of 256 bytes is then four lines and not five.
        _words = GC.AllocateArray<ulong>((int)(sets * WordsPerSet) + WordsPerLine - 1, pinned: true);
        _first = WordsToLine(_words);
        Clock = new PrefixClock(sets * Ways);
    }

    /// <summary>What writers report at the end, so that they meet at the counters once and not with every page.</summary>
    public ref struct Tally
    {
        public int Inserted;
        public int Filled;
    }

    public PrefixClock Clock { get; }

    public LaneRegistry Lanes { get; } = new();

    /// <summary>Bytes taken, used or not. Grows by 4 bytes for 24 incarnations of workers, and never else.</summary>
    public long AllocatedBytes => ((long)_words.Length * sizeof(ulong)) + Lanes.AllocatedBytes;

    /// <summary>Bytes of the slots that say something.</summary>
    public long UsedBytes => Volatile.Read(ref _used) * SlotBytes;

    /// <summary>Entries that had to go to make room.</summary>
    public long Evictions => Volatile.Read(ref _evictions);

    /// <summary>Finds all slots of a page.</summary>
    /// <param name="found">Room for <see cref="Ways"/>.</param>
    /// <returns>How many.</returns>
    public int Find(ulong key, Span<PrefixSlot> found)
    {
        ref var set = ref SetOf(key);
        var count = 0;
        for (var ways = WaysOf(ref set, key); ways != 0; ways &= ways - 1)
        {
            if (TryRead(ref set, BitOperations.TrailingZeroCount(ways), key, out var slot))
                found[count++] = slot;
        }

        return count;
    }

    /// <summary>True if the page is known to have been seen in this lane, and was stamped in this tick.</summary>
    public bool IsFresh(ulong key, Lane lane, uint now)
    {
        ref var set = ref SetOf(key);
        var way = WayOf(ref set, key, lane.Group, out var slot);
        return way >= 0 && slot.Has(lane) && slot.Tick == now;
    }

    /// <summary>
    /// Has the sets of some keys brought near, all at the same time. Each write is a fence, so that writes would else wait for memory one
    /// after the other.
    /// </summary>
    public void Warm(ReadOnlySpan<ulong> keys)
    {
        foreach (var key in keys)
        {
            ref var set = ref SetOf(key);
            for (var word = 0; word < WordsPerSet; word += WordsPerLine)
                Volatile.Read(ref Unsafe.Add(ref set, word));
        }
    }

    /// <summary>Notes that a page was seen in a lane now.</summary>
    public void Touch(ulong key, Lane lane, uint now, ref Tally tally)
    {
        ref var set = ref SetOf(key);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var way = WayOf(ref set, key, lane.Group, out var old);
            if (way >= 0 && old.Has(lane) && old.Tick == now)
                return;
            var isNew = way < 0;
            if (isNew)
                way = Victim(ref set, now, out old);
            var next = new PrefixSlot(lane.Group, isNew ? lane.Mask : old.Lanes | lane.Mask, now);
            if (!TryWrite(ref set, way, old, key, next))
                continue;
            if (isNew)
            {
                tally.Inserted++;
                if (old.IsEmpty)
                    tally.Filled++;
            }

            return;
        }
    }

    /// <summary>Notes that a page was used now, by whoever has it; says nothing new about who has.</summary>
    public void Refresh(ulong key, uint now)
    {
        ref var set = ref SetOf(key);
        for (var way = 0; way < Ways; way++)
        {
            if (TryRead(ref set, way, key, out var slot) && slot.Tick != now)
                TryWrite(ref set, way, slot, key, new PrefixSlot(slot.Group, slot.Lanes, now));
        }
    }

    /// <summary>Notes that a page is no longer there in a lane.</summary>
    public void Clear(ulong key, Lane lane)
    {
        ref var set = ref SetOf(key);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var way = WayOf(ref set, key, lane.Group, out var old);
            if (way < 0 || !old.Has(lane))
                return;
            var lanes = old.Lanes & ~lane.Mask;
            if (!TryWrite(ref set, way, old, key, lanes == 0 ? default : new PrefixSlot(lane.Group, lanes, old.Tick)))
                continue;
            if (lanes == 0)
                Interlocked.Decrement(ref _used);
        }
    }

    /// <summary>Adds up what was written, and cleans a little if there is something to clean.</summary>
    public void Commit(in Tally tally)
    {
        if (tally.Inserted > 0)
        {
            Clock.Advance(tally.Inserted);
            if (tally.Filled > 0)
                Interlocked.Add(ref _used, tally.Filled);
            if (tally.Filled < tally.Inserted)
                Interlocked.Add(ref _evictions, tally.Inserted - tally.Filled);
        }

        if (Volatile.Read(ref _setsToSweep) > 0)
            Sweep(SetsPerSweep);
    }

    /// <summary>Gives up a lane: from now on nothing in it counts. Its slots are freed by the picks that follow, a few with each.</summary>
    public void Retire(Lane lane)
    {
        Lanes.Close(lane);
        Volatile.Write(ref _setsToSweep, (long)_sets);
    }

    /// <summary>Counts the slots that are not empty; for tests, which hold it against <see cref="UsedBytes"/>.</summary>
    public long CountUsedSlots()
    {
        var count = 0L;
        for (var set = 0L; set < (long)_sets; set++)
        {
            for (var way = 0; way < Ways; way++)
                count += Data(ref SetAt(set), way) == 0 ? 0 : 1;
        }

        return count;
    }

    private static ref ulong Check(ref ulong set, int way) => ref Unsafe.Add(ref set, way);

    private static ref ulong Data(ref ulong set, int way) => ref Unsafe.Add(ref set, Ways + way);

    /// <summary>The ways that seem to hold a key, a bit for each: one look at the whole set. Each is then read by itself.</summary>
    private static uint WaysOf(ref ulong set, ulong key)
    {
        var wanted = Vector256.Create(key);
        var ways = 0u;
        for (var way = 0; way < Ways; way += Vector256<ulong>.Count)
        {
            var keys = Vector256.LoadUnsafe(ref set, (nuint)way) ^ Vector256.LoadUnsafe(ref set, (nuint)(Ways + way));
            ways |= Vector256.Equals(keys, wanted).ExtractMostSignificantBits() << way;
        }

        return ways;
    }

    private static bool TryRead(ref ulong set, int way, ulong key, out PrefixSlot slot)
    {
        slot = new PrefixSlot(Volatile.Read(ref Data(ref set, way)));
        return (Check(ref set, way) ^ slot.Word) == key && !slot.IsEmpty;
    }

    private static int WayOf(ref ulong set, ulong key, uint group, out PrefixSlot slot)
    {
        for (var ways = WaysOf(ref set, key); ways != 0; ways &= ways - 1)
        {
            var way = BitOperations.TrailingZeroCount(ways);
            if (TryRead(ref set, way, key, out slot) && slot.Group == group)
                return way;
        }

        slot = default;
        return -1;
    }

    private static bool TryWrite(ref ulong set, int way, PrefixSlot old, ulong key, PrefixSlot next)
    {
        if (Interlocked.CompareExchange(ref Data(ref set, way), next.Word, old.Word) != old.Word)
            return false;
        Volatile.Write(ref Check(ref set, way), key ^ next.Word);
        return true;
    }

    /// <summary>Words before the first one that begins a line.</summary>
    private static long WordsToLine(ulong[] pinned)
    {
        var address = (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        return (long)((LineBytes - (address % LineBytes)) % LineBytes / sizeof(ulong));
    }

    private ref ulong SetAt(long number) => ref _words[_first + (number * WordsPerSet)];

    private ref ulong SetOf(ulong key) => ref SetAt((long)Math.BigMul(key, _sets, out _));

    /// <summary>An empty slot, else one that speaks of nobody who is left, else the one not used for longest.</summary>
    private int Victim(ref ulong set, uint now, out PrefixSlot old)
    {
        var victim = Oldest(ref set, now);
        old = new PrefixSlot(Volatile.Read(ref Data(ref set, victim)));
        if (old.IsEmpty || Volatile.Read(ref _setsToSweep) <= 0)
            return victim;
        for (var way = 0; way < Ways; way++)
        {
            var slot = new PrefixSlot(Volatile.Read(ref Data(ref set, way)));
            if (Lanes.Concerns(slot))
                continue;
            old = slot;
            return way;
        }

        return victim;
    }

    /// <summary>
    /// An empty slot, else the one not used for longest. Its rank, age above number, is compared for several slots at once and without a
    /// branch: there are as many as there are new pages, and nothing to guess from.
    /// </summary>
    private static int Oldest(ref ulong set, uint now)
    {
        var places = Vector256.CreateSequence(0L, 1L);
        var highest = Vector256<long>.Zero;
        for (var way = 0; way < Ways; way += Vector256<ulong>.Count)
        {
            var slots = Vector256.LoadUnsafe(ref Data(ref set, way));
            var ages = PrefixClock.Ages(slots, now) | (Vector256.Equals(slots, Vector256<ulong>.Zero) & Vector256.Create<ulong>(PrefixClock.TickMask));
            var ranks = (ages << BitsOfWay).AsInt64() | (places + Vector256.Create((long)way));
            highest = Vector256.ConditionalSelect(Vector256.GreaterThan(ranks, highest), ranks, highest);
        }

        var rank = Math.Max(Math.Max(highest[0], highest[1]), Math.Max(highest[2], highest[3]));
        return (int)rank & (Ways - 1);
    }

    private void Sweep(int sets)
    {
        Interlocked.Add(ref _setsToSweep, -sets);
        var end = Interlocked.Add(ref _hand, sets);
        var freed = 0;
        for (var number = end - sets; number < end; number++)
        {
            ref var set = ref SetAt(number % (long)_sets);
            for (var way = 0; way < Ways; way++)
            {
                var slot = new PrefixSlot(Volatile.Read(ref Data(ref set, way)));
                if (!slot.IsEmpty && !Lanes.Concerns(slot) && Interlocked.CompareExchange(ref Data(ref set, way), 0, slot.Word) == slot.Word)
                    freed++;
            }
        }

        if (freed > 0)
            Interlocked.Add(ref _used, -freed);
    }
}
