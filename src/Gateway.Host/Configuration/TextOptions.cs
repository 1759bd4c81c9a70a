namespace Gateway.Host.Configuration;

/// <summary>What it takes to speak with token-in engines.</summary>
public sealed record TextOptions
{
    /// <summary>
    /// A <c>tokenizer.json</c>, or a folder that has one, for all models that have none of their own (<see cref="ModelOptions.TokenizerPath"/>).
    /// Without it a model's gRPC workers are asked for theirs.
    /// </summary>
    public string? TokenizerPath { get; init; }

    /// <summary>A file with a Jinja template, in the place of the one that a model comes with.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>How thinking is marked in answers: a name of <see cref="Gateway.Text.Parsers.ReasoningDialects"/>; null goes by the model's name.</summary>
    public string? ReasoningParser { get; init; }

    /// <summary>How calls are written in answers: a name of <see cref="Gateway.Text.Parsers.ToolDialects"/>; null goes by the model's name.</summary>
    public string? ToolCallParser { get; init; }

    /// <summary>Asks no worker for a tokenizer: only those are used that operators name.</summary>
    public bool DisableFetching { get; init; }

    /// <summary>Folder for the tokenizers that workers give; null is one in the user's cache, or in the temporary folder if that cannot be written.</summary>
    public string? DownloadFolder { get; init; }

    /// <summary>Bytes for whole prompts and their tokens, all models together; 0 keeps none.</summary>
    public long PromptCacheBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>Bytes for what stands between special tokens, such as a system prompt, and its tokens, all models together; 0 keeps none.</summary>
    public long SegmentCacheBytes { get; init; } = 50L * 1024 * 1024;
}
