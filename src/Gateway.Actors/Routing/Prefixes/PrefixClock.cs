using System.Numerics;
using System.Runtime.Intrinsics;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// The clock of last use. It goes by what is inserted and not by seconds: 64 ticks pass while as many slots are written as the table has.
/// So a page that is used over and over is stamped once a tick, and not by every request on every core.
/// </summary>
/// <param name="slots">Slots of the table.</param>
internal sealed class PrefixClock(long slots)
{
    public const int TickBits = 12;
    public const uint TickMask = (1u << TickBits) - 1;
    private const int TicksPerTurnover = 64;

    /// <summary>A stamp seems to be from the future if it was made while the reader of the clock was on its way: it counts as new.</summary>
    private const uint MostAhead = TicksPerTurnover;

    private readonly int _insertionsPerTickBits = BitOperations.Log2((ulong)Math.Max(1, slots / TicksPerTurnover));
    private long _insertions;

    /// <summary>All slots ever written.</summary>
    public long Insertions => Volatile.Read(ref _insertions);

    public uint Now => (uint)(Insertions >> _insertionsPerTickBits) & TickMask;

    public void Advance(int insertions) => Interlocked.Add(ref _insertions, insertions);

    /// <summary>How many ticks ago. The stamps come round after 64 turnovers, which no slot that is not used lives through.</summary>
    public static uint Age(uint stamp, uint now)
    {
        var age = (now - stamp) & TickMask;
        return age > TickMask - MostAhead ? 0 : age;
    }

    /// <summary>The same for stamps that are the low bits of words.</summary>
    public static Vector256<ulong> Ages(Vector256<ulong> stamped, uint now)
    {
        var ages = (Vector256.Create<ulong>(now) - stamped) & Vector256.Create<ulong>(TickMask);
        // Compared as signed numbers, which they fit into: that is one instruction.
        var ahead = Vector256.GreaterThan(ages.AsInt64(), Vector256.Create<long>(TickMask - MostAhead)).AsUInt64();
        return Vector256.AndNot(ages, ahead);
    }
}
