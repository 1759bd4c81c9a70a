using Gateway.Simulator.Api;

namespace Gateway.Simulator.Grpc;

/// <summary>An engine's own messages for an answer in token ids.</summary>
internal abstract class TokenAnswerFormat<TResponse>
{
    /// <summary>The tokens of a choice that have come since the last message.</summary>
    public abstract TResponse Chunk(AnswerChoice choice, int from, int to);

    /// <summary>The end of a choice.</summary>
    /// <param name="from">0 for a whole answer, else where the last chunk began.</param>
    public abstract TResponse Complete(AnswerChoice choice, int from, int to);
}
