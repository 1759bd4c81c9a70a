namespace Gateway.Actors.Engines.Generation;

/// <summary>What a token-in engine is asked to generate, in no engine's own words.</summary>
public sealed record GenerationRequest
{
    /// <summary>Minted by the gateway for each attempt; see <see cref="EngineRequestId"/>.</summary>
    public required string RequestId { get; init; }

    public required ReadOnlyMemory<int> PromptTokens { get; init; }

    /// <summary>What the tokens were made of, for the engine's log; empty if nobody needs it.</summary>
    public string PromptText { get; init; } = "";

    public SamplingSettings Sampling { get; init; } = SamplingSettings.Default;

    public OutputConstraint? Constraint { get; init; }

    /// <summary>True to get tokens as they come, false for all at once.</summary>
    public bool Stream { get; init; }

    /// <summary>Null for no log-probabilities, else how many alternatives of each token besides the chosen one; 0 or more.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>The first token of the prompt whose log-probability is wanted; null for none of the prompt's.</summary>
    public int? PromptLogprobsFrom { get; init; }

    /// <summary>True if the engine is to count the tokens of reasoning.</summary>
    public bool CountsReasoning { get; init; }

    /// <summary>Images as the client gave them: http(s) URLs or data URLs.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>The engine's rank that is to do it; null leaves it to the engine.</summary>
    public int? DataParallelRank { get; init; }

    /// <summary>Where the halves of an SGLang pair meet; null for a regular worker.</summary>
    public BootstrapRoom? Bootstrap { get; init; }

    /// <summary>vLLM's <c>kv_transfer_params</c> as JSON, for a half of a pair; null for a regular worker.</summary>
    public string? KvTransferJson { get; init; }
}

/// <summary>Where the halves of an SGLang pair meet.</summary>
/// <param name="Host">Of the prefill worker's bootstrap server.</param>
/// <param name="Port">Of the same.</param>
/// <param name="Room">Random, 0 to 2³¹ - 1.</param>
public sealed record BootstrapRoom(string Host, int Port, int Room);
