namespace Gateway.Host.Configuration;

/// <summary>What it takes to speak with token-in engines.</summary>
public sealed record TextOptions
{
    /// <summary>A <c>tokenizer.json</c>, or a folder that has one, of all models that gRPC workers serve. Without it no request is sent to them.</summary>
    public string? TokenizerPath { get; init; }

    /// <summary>A file with a Jinja template, in the place of the one that a model comes with.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>How thinking is marked in answers: a name of <see cref="Gateway.Text.Parsers.ReasoningDialects"/>; null goes by the model's name.</summary>
    public string? ReasoningParser { get; init; }

    /// <summary>How calls are written in answers: a name of <see cref="Gateway.Text.Parsers.ToolDialects"/>; null goes by the model's name.</summary>
    public string? ToolCallParser { get; init; }
}
