namespace Gateway.Host.Configuration;

/// <summary>What it takes to speak with token-in engines. Without a tokenizer no request is sent to them.</summary>
public sealed record TextOptions
{
    /// <summary>A folder with a <c>tokenizer.json</c>, or the file itself.</summary>
    public string? TokenizerPath { get; init; }

    /// <summary>A file with a Jinja template that goes before the tokenizer's own.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Of the model's thinking, by its name; null goes by the model's.</summary>
    public string? ReasoningParser { get; init; }

    /// <summary>Of the model's tool calls, by its name; null goes by the model's.</summary>
    public string? ToolCallParser { get; init; }
}
