namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>Who told the gateway of a tokenizer.</summary>
internal enum TextOrigin
{
    Configuration,

    /// <summary>An operator, while the gateway runs.</summary>
    Api,

    /// <summary>The workers that serve the model.</summary>
    Worker,
}

internal enum TextStatus
{
    /// <summary>Nobody has given it yet; workers are asked until one does.</summary>
    Loading,
    Ready,

    /// <summary>All workers that could give it have refused. They are asked again all the same.</summary>
    Failed,
}

/// <summary>A tokenizer, with what belongs to it, that the gateway knows of or looks for. Immutable.</summary>
internal sealed record TextEntry
{
    /// <summary>Unique, and never used twice.</summary>
    public required string Id { get; init; }

    /// <summary>The model it is for, by its id or, if an operator said so, an alias; empty for every model that has none of its own.</summary>
    public required string Name { get; init; }

    public required TextOrigin Origin { get; init; }

    public TextStatus Status { get; init; } = TextStatus.Ready;

    /// <summary>The folder or file it was read from; null while there is none.</summary>
    public string? Source { get; init; }

    /// <summary>What it was read to be; null unless it is <see cref="TextStatus.Ready"/>.</summary>
    public TextFiles? Files { get; init; }

    public TextWishes Wishes { get; init; } = TextWishes.None;

    /// <summary>For operators: why there is none, with the workers' names. Empty if there is nothing to say.</summary>
    public string Reason { get; init; } = "";

    public static string NewId() => Guid.NewGuid().ToString();
}
