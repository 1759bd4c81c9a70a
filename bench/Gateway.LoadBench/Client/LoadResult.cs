using System.Diagnostics;
using HdrHistogram;

namespace Gateway.LoadBench.Client;

/// <summary>What came of the requests of one measurement. Latencies are in microseconds.</summary>
internal sealed class LoadResult
{
    private const long LongestMicroseconds = 60_000_000;
    private int _complete;
    private int _failed;
    private long _lostEvents;

    /// <summary>From sending until the whole answer was here.</summary>
    public LongHistogram Whole { get; } = new(LongestMicroseconds, 3);

    /// <summary>From sending until the answer's first byte was here.</summary>
    public LongHistogram FirstByte { get; } = new(LongestMicroseconds, 3);

    /// <summary>From sending until the whole refusal was here: a 429 of a gateway that is full.</summary>
    public LongHistogram Refused { get; } = new(LongestMicroseconds, 3);

    /// <summary>Between two events of a stream; empty unless somebody looked.</summary>
    public LongHistogram Gaps { get; } = new(LongestMicroseconds, 3);

    public int Complete => _complete;

    /// <summary>All that did not get what was asked for; the refused are among them.</summary>
    public int Failed => _failed;

    /// <summary>Events of streams that should have come and did not.</summary>
    public long LostEvents => _lostEvents;

    /// <param name="lostEvents">What the failed answer lacks of its events.</param>
    public void AddFailure(int lostEvents = 0)
    {
        Interlocked.Increment(ref _failed);
        Interlocked.Add(ref _lostEvents, lostEvents);
    }

    /// <param name="gaps">Of a complete answer, in ticks of the stopwatch.</param>
    public void Add(EventGaps gaps)
    {
        lock (Gaps)
        {
            foreach (var ticks in gaps.Ticks)
                Gaps.RecordValue(Microseconds(0, ticks));
        }
    }

    /// <param name="answer">A refusal.</param>
    /// <param name="since">Timestamp from which its latency counts.</param>
    public void AddRefusal(in Answer answer, long since)
    {
        AddFailure();
        lock (Whole)
            Refused.RecordValue(Microseconds(since, answer.EndedAt));
    }

    /// <param name="answer">A complete answer.</param>
    /// <param name="since">Timestamp from which its latency counts.</param>
    public void Add(in Answer answer, long since)
    {
        Interlocked.Increment(ref _complete);
        lock (Whole)
        {
            Whole.RecordValue(Microseconds(since, answer.EndedAt));
            FirstByte.RecordValue(Microseconds(since, answer.FirstByteAt));
        }
    }

    /// <summary>Takes in what another measurement of the same has shown.</summary>
    public void Add(LoadResult other)
    {
        _complete += other._complete;
        _failed += other._failed;
        _lostEvents += other._lostEvents;
        Whole.Add(other.Whole);
        FirstByte.Add(other.FirstByte);
        Refused.Add(other.Refused);
        Gaps.Add(other.Gaps);
    }

    private static long Microseconds(long from, long to) =>
        Math.Clamp((long)Stopwatch.GetElapsedTime(from, to).TotalMicroseconds, 1, LongestMicroseconds);
}
