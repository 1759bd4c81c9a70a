using Gateway.Simulator.Api;
using Gateway.Simulator.Engine;
using Google.Protobuf.Collections;

namespace Gateway.Simulator.Grpc;

/// <summary>A request for an answer in token ids, whichever engine's words it came in.</summary>
internal sealed record TokenRequest
{
    public required string Id { get; init; }

    public required int[] Prompt { get; init; }

    public required AnswerLimits Limits { get; init; }

    /// <summary>Tokens with which the answer ends.</summary>
    public required IReadOnlyCollection<int> StopTokens { get; init; }

    public required int Choices { get; init; }

    public required bool Stream { get; init; }

    public int Seed { get; init; }

    /// <summary>Data-parallel rank; null if it is left to the engine.</summary>
    public int? Rank { get; init; }

    /// <summary>How many alternatives of each token, with the log-probabilities; null for no log-probabilities.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>The first token of the prompt that log-probabilities are wanted of; null for none.</summary>
    public int? PromptLogprobsFrom { get; init; }

    public static int[] Tokens(RepeatedField<uint> ids) =>
        [.. ids.Select(static id => id <= int.MaxValue ? (int)id : throw ApiException.Invalid("input_ids", $"{id} is no token id."))];

    public static string IdOr(string id) => id.Length > 0 ? id : RequestFields.NewRequestId();

    /// <exception cref="ApiException">It is none from 1 to the most that the engines take.</exception>
    public static int ChoicesOf(uint n) => n is >= 1 and <= RequestFields.MaxChoices
        ? (int)n
        : throw ApiException.Invalid("n", $"'n' must be from 1 to {RequestFields.MaxChoices}.");

    /// <exception cref="ApiException">It is said to be zero.</exception>
    public static int? MaxTokensOf(bool isGiven, uint value)
    {
        if (isGiven && value == 0)
            throw ApiException.Invalid("max_tokens", "The most tokens must be at least 1.");
        return isGiven ? (int)Math.Min(value, int.MaxValue) : null;
    }

    /// <summary>What neither engine takes; a zero that was never set is the usual reason.</summary>
    /// <exception cref="ApiException">It is out of its range.</exception>
    public static void CheckTopP(float topP)
    {
        if (topP is not (> 0 and <= 1))
            throw ApiException.Invalid("top_p", "'top_p' must be above 0 and at most 1.");
    }
}
