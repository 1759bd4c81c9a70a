using System.Numerics;

namespace Gateway.Actors.Routing;

/// <summary>
/// The recent distribution of prompt bytes over prompt lengths, in bins of a quarter of an octave. Says of a length which share of all
/// bytes came in shorter prompts. Lock-free; recomputed once an interval by whoever comes first, into one of two arrays.
/// </summary>
internal sealed class PromptLengths(TimeSpan interval, TimeProvider time)
{
    private const int BinsPerOctave = 4;
    private const int Bins = 32 * BinsPerOctave;

    private readonly long[] _bytes = new long[Bins];
    private readonly long _start = time.GetTimestamp();
    private double[] _below = new double[Bins + 1];
    private double[] _spare = new double[Bins + 1];
    private long _cutsDone;
    private bool _isKnown;

    /// <summary>
    /// A number from 0 to 1 that is evenly spread over the bytes of recent prompts, longer prompts having greater ones. Prompts of one
    /// bin have random places within the bin's share: if all are about equally long, that is all there is to tell them apart.
    /// </summary>
    /// <returns>Null as long as no interval has ended.</returns>
    public double? PlaceOf(int length, Random random)
    {
        CutWhenDue();
        var bin = BinOf(length);
        Interlocked.Add(ref _bytes[bin], Math.Max(1, length));
        if (!Volatile.Read(ref _isKnown))
            return null;
        var below = Volatile.Read(ref _below);
        return below[bin] + ((below[bin + 1] - below[bin]) * random.NextDouble());
    }

    private static int BinOf(int length)
    {
        if (length < BinsPerOctave)
            return length;
        var octave = BitOperations.Log2((uint)length);
        return (octave * BinsPerOctave) + ((length >> (octave - 2)) & (BinsPerOctave - 1));
    }

    private void CutWhenDue()
    {
        var done = Volatile.Read(ref _cutsDone);
        var due = (long)(time.GetElapsedTime(_start) / interval);
        if (due > done && Interlocked.CompareExchange(ref _cutsDone, due, done) == done)
            Cut();
    }

    private void Cut()
    {
        double total = 0;
        for (var bin = 0; bin < Bins; bin++)
        {
            _spare[bin] = total;
            var bytes = Volatile.Read(ref _bytes[bin]);
            total += bytes;
            Interlocked.Add(ref _bytes[bin], -((bytes + 1) / 2));
        }

        if (total == 0)
            return;
        _spare[Bins] = total;
        for (var bin = 0; bin <= Bins; bin++)
            _spare[bin] /= total;
        // Whoever still reads the old array has until the next cut to finish.
        _spare = Interlocked.Exchange(ref _below, _spare);
        Volatile.Write(ref _isKnown, true);
    }
}
