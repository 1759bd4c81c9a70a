using System.Runtime.InteropServices;
using Gateway.Simulator.Engine;

namespace Gateway.RoutingBench.Traces;

/// <summary>Chance for traces: the same on every platform and version, and cheap enough to make millions of tokens with.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    private double NextDouble => (Next() >> 11) * (1.0 / (1UL << 53));

    public static Dice Of(int seed, long part) => new(FillerText.Next((ulong)seed) ^ FillerText.Next((ulong)part * 2_654_435_761));

    public ulong Next()
    {
        var value = FillerText.Next(_state);
        _state += 0x9E37_79B9_7F4A_7C15;
        return value;
    }

    /// <summary>Both ends included.</summary>
    public int Between(int least, int most) => least + (int)(Next() % (ulong)(most - least + 1));

    public TimeSpan Exponential(double meanSeconds) => TimeSpan.FromSeconds(-Math.Log(1 - NextDouble) * meanSeconds);

    /// <summary>Of so many things, the k-th of which is wanted 1/k times as often as the first (Zipf's law).</summary>
    public int Zipf(int count)
    {
        double total = 0;
        for (var k = 1; k <= count; k++)
            total += 1.0 / k;
        var left = NextDouble * total;
        for (var k = 1; k < count; k++)
        {
            left -= 1.0 / k;
            if (left < 0)
                return k - 1;
        }

        return count - 1;
    }

    /// <summary>Tokens that nobody else has.</summary>
    public int[] Tokens(int count)
    {
        var tokens = new int[count];
        var words = MemoryMarshal.Cast<int, ulong>(tokens.AsSpan());
        foreach (ref var word in words)
            word = Next();
        if (count % 2 != 0)
            tokens[^1] = (int)Next();
        return tokens;
    }
}
