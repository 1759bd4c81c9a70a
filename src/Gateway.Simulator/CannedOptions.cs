namespace Gateway.Simulator;

/// <summary>What a worker in <see cref="SimulatorMode.Canned"/> answers. All sizes are of the text, without its JSON around it.</summary>
public sealed record CannedOptions
{
    public static CannedOptions Default { get; } = new();

    /// <summary>Bytes of text in an answer that is not streamed.</summary>
    public int BodyBytes { get; init; } = 256;

    /// <summary>Events that carry text in a streamed answer.</summary>
    public int ChunkCount { get; init; } = 32;

    /// <summary>Bytes of text in each of these events.</summary>
    public int ChunkBytes { get; init; } = 4;

    /// <summary>Time before the first byte.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Time between two events; zero sends them back to back.</summary>
    public TimeSpan ChunkInterval { get; init; }
}
