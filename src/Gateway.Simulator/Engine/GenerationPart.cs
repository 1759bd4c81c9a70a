namespace Gateway.Simulator.Engine;

/// <summary>What of a generation an engine does; the parts of one are done by two workers of a disaggregated pair.</summary>
internal enum GenerationPart
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Prompt and first token. The KV blocks stay taken until they are handed over, which is its end.</summary>
    Prefill,

    /// <summary>The tokens. It begins when keys and values of the prompt have come, and computes nothing of the prompt.</summary>
    Decode,
}
