namespace Gateway.Host.Configuration;

/// <summary>What it takes to speak with token-in engines.</summary>
public sealed record TextOptions
{
    /// <summary>A <c>tokenizer.json</c>, or a folder that has one, of all models that gRPC workers serve. Without it no request is sent to them.</summary>
    public string? TokenizerPath { get; init; }
}
