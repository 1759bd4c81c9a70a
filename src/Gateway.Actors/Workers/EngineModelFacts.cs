namespace Gateway.Actors.Workers;

/// <summary>What an engine that takes tokens tells of its model, for whoever makes the tokens. Null or empty is what it does not say.</summary>
public sealed record EngineModelFacts
{
    /// <summary>Where the engine has its weights: a folder of its machine, or a name on a hub.</summary>
    public string? ModelPath { get; init; }

    /// <summary>Where the engine has its tokenizer; as a rule the same.</summary>
    public string? TokenizerPath { get; init; }

    /// <summary>The model's type, as its configuration names it: <c>llama</c>, <c>qwen3</c> and so on.</summary>
    public string? ModelType { get; init; }

    /// <summary>The classes that its configuration names, the one in use first.</summary>
    public EquatableArray<string> Architectures { get; init; }

    /// <summary>The tokens that end a text.</summary>
    public EquatableArray<int> EndOfTextTokens { get; init; }

    public int? VocabularySize { get; init; }

    /// <summary>False for embedders and classifiers.</summary>
    public bool IsGeneration { get; init; } = true;

    public bool SupportsVision { get; init; }

    /// <summary>What a classifier's classes are called, by their numbers; a name that is empty was not told.</summary>
    public EquatableArray<string> ClassLabels { get; init; }

    /// <summary>The model's own sampling, as a JSON object.</summary>
    public string? DefaultSamplingJson { get; init; }

    /// <summary>How the halves of a vLLM pair pass the cache on: the connector's class.</summary>
    public string? KvConnector { get; init; }

    /// <summary>Its part in that: <c>kv_producer</c>, <c>kv_consumer</c> or <c>kv_both</c>.</summary>
    public string? KvRole { get; init; }

    /// <summary>The name under which the other half knows it.</summary>
    public string? KvEngineId { get; init; }
}
