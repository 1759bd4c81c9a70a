using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HdrHistogram;

namespace Gateway.LoadBench.Scale;

/// <summary>Many streams at once, each on a connection of its own, of which only events are counted: it must cost less than what it measures.</summary>
/// <param name="events">Events of a whole stream, as a worker itself sends it.</param>
internal sealed class StreamCrowd(int events)
{
    private const long LongestMilliseconds = 600_000;
    private const int BufferBytes = 2048;

    /// <summary>All at once would be a test of the kernel's queue of connections.</summary>
    private const int StartsPerSecond = 500;

    private int _open;
    private int _complete;

    /// <summary>Streams that have had an event and are not at their end.</summary>
    public int Open => Volatile.Read(ref _open);

    public int Complete => Volatile.Read(ref _complete);

    /// <summary>Between two events of a stream, in milliseconds.</summary>
    public LongHistogram Gaps { get; } = new(LongestMilliseconds, 3);

    /// <summary>Opens so many, one after the other, and waits until all have ended.</summary>
    public async Task RunAsync(Uri server, int count)
    {
        var start = Stopwatch.GetTimestamp();
        var streams = new List<Task>(count);
        while (streams.Count < count)
        {
            var due = Math.Min(count, 1 + (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * StartsPerSecond));
            while (streams.Count < due)
                streams.Add(Task.Run(() => ReadAsync(server)));
            await Task.Delay(10);
        }

        await Task.WhenAll(streams);
    }

    /// <summary>Asks a worker itself.</summary>
    /// <returns>How many events it sends.</returns>
    public static async Task<int> CountEventsAsync(Uri worker)
    {
        var alone = new StreamCrowd(int.MaxValue);
        return await alone.ReadAsync(worker);
    }

    private async Task<int> ReadAsync(Uri server)
    {
        var seen = 0;
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(server.Host), server.Port));
            await socket.SendAsync(ScaleRequests.Stream.Request);
            var buffer = new byte[BufferBytes];
            var (last, previous, isLast) = (0L, (byte)0, false);
            while (!isLast && await socket.ReceiveAsync(buffer) is var read and > 0)
            {
                var now = Stopwatch.GetTimestamp();
                var had = seen;
                foreach (var value in buffer.AsSpan(0, read))
                {
                    // An event ends with an empty line. Chunks, around them, have \r between.
                    seen += value == '\n' && previous == '\n' ? 1 : 0;
                    previous = value;
                }

                isLast = buffer.AsSpan(0, read).EndsWith("0\r\n\r\n"u8);
                if (seen == had)
                    continue;
                if (had == 0)
                    Interlocked.Increment(ref _open);
                else
                    Record(Stopwatch.GetElapsedTime(last, now));
                last = now;
            }
        }
        catch (SocketException)
        {
            // It is not complete, and that is what is counted.
        }

        if (seen > 0)
            Interlocked.Decrement(ref _open);
        if (seen == events)
            Interlocked.Increment(ref _complete);
        return seen;
    }

    private void Record(TimeSpan gap)
    {
        lock (Gaps)
            Gaps.RecordValue(Math.Clamp((long)gap.TotalMilliseconds, 1, LongestMilliseconds));
    }
}
