using System.Diagnostics.Tracing;

namespace Gateway.Host.Tests.Serving.Cancellation;

/// <summary>
/// Watches the shared array pools through their own event source, as long as it is not disposed of. The source tells on the thread that takes
/// and gives, so that an <see cref="AsyncLocal{T}"/> knows for whom: other tests may use the pools at the same time.
/// </summary>
internal sealed class PoolWatch : EventListener
{
    private static readonly AsyncLocal<PoolJournal?> Present = new();

    /// <summary>Keeps a journal of what happens from now on in this flow of calls, and in those that begin in it.</summary>
    public static PoolJournal Begin() => Present.Value = new PoolJournal();

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Buffers.ArrayPoolEventSource")
            EnableEvents(eventSource, EventLevel.Verbose);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (Present.Value is { } journal && eventData.Payload is [int id, int size, ..])
            journal.Note(eventData.EventName, id, size);
    }
}

/// <summary>The arrays that one request took from the shared pools and gave back.</summary>
internal sealed class PoolJournal
{
    private readonly Dictionary<int, int> _out = [];
    private readonly List<string> _mistakes = [];

    /// <summary>Arrays taken, in all.</summary>
    public int Taken { get; private set; }

    /// <summary>What is wrong: arrays that were given back twice, and those that never were.</summary>
    public IReadOnlyList<string> Mistakes
    {
        get
        {
            lock (_out)
                return [.. _mistakes, .. _out.Where(static pair => pair.Value != 0).Select(static pair => $"array {pair.Key} is still out")];
        }
    }

    public void Note(string? what, int id, int size)
    {
        lock (_out)
        {
            var count = _out.GetValueOrDefault(id);
            switch (what)
            {
                case "BufferRented":
                    Taken++;
                    _out[id] = count + 1;
                    break;
                case "BufferReturned" when count == 0:
                    _mistakes.Add($"array {id} of {size} was given back and not out");
                    break;
                case "BufferReturned":
                    _out[id] = count - 1;
                    break;
            }
        }
    }
}
