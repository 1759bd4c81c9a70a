using System.Runtime.CompilerServices;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Routing.Peers;

/// <summary>
/// What this gateway has placed where since somebody last looked: a ring that many requests write to and one reader empties. A writer takes
/// its room by moving the end, and writes the first word of its record last; a record without it is not there yet. Nobody waits: what finds
/// no room is dropped, and is a hint that peers do not get.
/// </summary>
internal sealed class PlacementLog
{
    /// <summary>1 MiB, and so the most that a gateway tells its peers in one round: 2,000 new prompts of 16 KiB.</summary>
    public const int Words = 1 << 17;

    /// <summary>Of one placement; the deepest prompt that an index can be set to look at has 320 pages.</summary>
    public const int MostKeys = 1024;

    private const int HeadWords = 3;
    private const int ModelShift = 16;
    private const ulong CountMask = (1UL << ModelShift) - 1;
    private const ulong Written = 1UL << 63;

    private readonly ulong[] _words = new ulong[Words];
    private long _end;
    private long _begin;
    private long _dropped;

    /// <summary>Placements that found no room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <param name="model">From 0.</param>
    /// <param name="worker">Where the prompt went.</param>
    /// <param name="keys">The pages that the worker was not known to have.</param>
    public void Write(int model, WorkerId worker, ReadOnlySpan<ulong> keys)
    {
        keys = keys[..Math.Min(keys.Length, MostKeys)];
        var length = HeadWords + keys.Length;
        long at;
        do
        {
            at = Volatile.Read(ref _end);
            if (at + length - Volatile.Read(ref _begin) > Words)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }
        }
        while (Interlocked.CompareExchange(ref _end, at + length, at) != at);

        var id = Unsafe.BitCast<Guid, UInt128>(worker.Value);
        WordAt(at + 1) = (ulong)(id >> 64);
        WordAt(at + 2) = (ulong)id;
        for (var i = 0; i < keys.Length; i++)
            WordAt(at + HeadWords + i) = keys[i];
        Volatile.Write(ref WordAt(at), Written | ((ulong)model << ModelShift) | (uint)keys.Length);
    }

    /// <summary>Takes out the oldest record.</summary>
    /// <param name="mostKeys">One with more stays where it is.</param>
    /// <param name="model">As it was written.</param>
    /// <param name="worker">As it was written.</param>
    /// <param name="keys">The keys are added to what is there.</param>
    /// <returns>False if there is none that fits.</returns>
    public bool TryTake(int mostKeys, out int model, out WorkerId worker, List<ulong> keys)
    {
        var at = _begin;
        var head = Volatile.Read(ref WordAt(at));
        var count = (int)(head & CountMask);
        (model, worker) = ((int)((head & ~Written) >> ModelShift), default);
        if (head == 0 || count > mostKeys)
            return false;
        worker = new WorkerId(Unsafe.BitCast<UInt128, Guid>(((UInt128)WordAt(at + 1) << 64) | WordAt(at + 2)));
        for (var i = 0; i < count; i++)
            keys.Add(WordAt(at + HeadWords + i));
        // Whoever writes here next may put the first word of a record into any of them.
        for (var i = 0; i < HeadWords + count; i++)
            WordAt(at + i) = 0;
        Volatile.Write(ref _begin, at + HeadWords + count);
        return true;
    }

    private ref ulong WordAt(long position) => ref _words[position & (Words - 1)];
}
