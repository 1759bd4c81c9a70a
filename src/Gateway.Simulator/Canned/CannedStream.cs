namespace Gateway.Simulator.Canned;

/// <summary>A stream in rendered parts.</summary>
internal sealed class CannedStream
{
    public CannedStream(byte[] opening, byte[] chunk, byte[] ending, int chunks)
    {
        Opening = opening;
        Chunk = chunk;
        Ending = ending;
        Chunks = chunks;
        Whole = [.. opening, .. Enumerable.Repeat(chunk, chunks).SelectMany(static bytes => bytes), .. ending];
    }

    public byte[] Opening { get; }

    public byte[] Chunk { get; }

    public byte[] Ending { get; }

    public int Chunks { get; }

    /// <summary>All of it, for sending back to back.</summary>
    public byte[] Whole { get; }

    /// <summary>Its beginning, for a stream that breaks.</summary>
    public byte[] FirstEvents(int events)
    {
        var opening = events > 0 && Opening.Length > 0 ? 1 : 0;
        var chunks = Math.Clamp(events - opening, 0, Chunks);
        return [.. opening > 0 ? Opening : [], .. Enumerable.Repeat(Chunk, chunks).SelectMany(static bytes => bytes)];
    }
}
