namespace Gateway.Actors.Routing.Prefixes;

/// <summary>Computes for a prompt the block hashes that the model's engines report. What is hashed is the engine's affair.</summary>
public interface IKvBlockHasher
{
    /// <param name="prompt">As <see cref="RouteRequest.Prompt"/> has it.</param>
    /// <param name="tokensPerBlock">As the engines' events say.</param>
    /// <param name="blocks">Room for the hashes of the whole blocks from the beginning; what does not fit is left out.</param>
    /// <param name="promptTokens">Tokens of the whole prompt.</param>
    /// <returns>How many were written.</returns>
    int Hash(ReadOnlySpan<byte> prompt, int tokensPerBlock, Span<ulong> blocks, out int promptTokens);
}
