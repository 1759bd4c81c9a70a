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
}
