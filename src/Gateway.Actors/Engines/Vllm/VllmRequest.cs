using Gateway.Actors.Engines.Generation;
using Gateway.Wire.Vllm;

namespace Gateway.Actors.Engines.Vllm;

/// <summary>A request in vLLM's words. Its zeros are not its defaults, so everything is said; only a temperature may stay open.</summary>
internal static class VllmRequest
{
    /// <exception cref="EngineException">It takes images only as the tensors of its own preprocessor.</exception>
    public static GenerateRequest From(GenerationRequest request, SamplingDefaults defaults)
    {
        if (request.Images.Count > 0)
            throw new EngineException(EngineFault.Unsupported, "vLLM does not take images over gRPC");
        var message = new GenerateRequest
        {
            RequestId = request.RequestId,
            Tokenized = Tokenized(request.PromptTokens, request.PromptText),
            SamplingParams = Sampling(request, defaults),
            Stream = request.Stream,
        };
        if (request.KvTransferJson is { } transfer)
            message.KvTransferParamsJson = transfer;
        if (request.DataParallelRank is { } rank)
            message.DataParallelRank = rank;
        return message;
    }

    public static TokenizedInput Tokenized(ReadOnlyMemory<int> tokens, string text)
    {
        var input = new TokenizedInput { OriginalText = text };
        TokenIds.Add(input.InputIds, tokens.Span);
        return input;
    }

    private static SamplingParams Sampling(GenerationRequest request, SamplingDefaults defaults)
    {
        var wanted = request.Sampling;
        var message = new SamplingParams
        {
            TopP = wanted.TopP ?? defaults.TopP ?? 1,
            // Here 0 stands for all.
            TopK = (uint)Math.Max(0, wanted.TopK ?? defaults.TopK ?? 0),
            MinP = wanted.MinP ?? defaults.MinP ?? 0,
            FrequencyPenalty = wanted.FrequencyPenalty ?? defaults.FrequencyPenalty ?? 0,
            PresencePenalty = wanted.PresencePenalty ?? defaults.PresencePenalty ?? 0,
            RepetitionPenalty = wanted.RepetitionPenalty ?? defaults.RepetitionPenalty ?? 1,
            MinTokens = (uint)wanted.MinTokens,
            Stop = { wanted.Stop },
            SkipSpecialTokens = wanted.SkipsSpecialTokens,
            SpacesBetweenSpecialTokens = wanted.SpacesBetweenSpecialTokens,
            IgnoreEos = wanted.IgnoresEndOfText,
            N = (uint)wanted.Choices,
            IncludeStopStrInOutput = wanted.KeepsStop,
        };
        if ((wanted.Temperature ?? defaults.Temperature) is { } temperature)
            message.Temperature = temperature;
        if ((wanted.MaxTokens ?? defaults.MaxTokens) is { } most)
            message.MaxTokens = (uint)most;
        if (request.TopLogprobs is { } alternatives)
            message.Logprobs = alternatives;
        if (request.PromptLogprobsFrom is not null)
            message.PromptLogprobs = request.TopLogprobs ?? 0;
        if (wanted.Seed is { } seed)
            message.Seed = Fold(seed);
        TokenIds.Add(message.StopTokenIds, wanted.StopTokens);
        if (wanted.LogitBias is { } bias)
            message.LogitBias.Add(bias as IDictionary<int, float> ?? new Dictionary<int, float>(bias));
        Constrain(message, request.Constraint);
        return message;
    }

    /// <summary>Clients have 64 bits and the engine 31, -1 being none: the same seed is the same again, and a small one stays what it is.</summary>
    private static int Fold(long seed) => seed is >= 0 and <= int.MaxValue ? (int)seed : (int)(seed ^ (seed >> 32)) & int.MaxValue;

    private static void Constrain(SamplingParams message, OutputConstraint? constraint)
    {
        switch (constraint?.Kind)
        {
            case ConstraintKind.JsonObject:
                message.JsonObject = true;
                break;
            case ConstraintKind.JsonSchema:
                message.JsonSchema = constraint.Text;
                break;
            case ConstraintKind.Regex:
                message.Regex = constraint.Text;
                break;
            case ConstraintKind.Ebnf:
                message.Grammar = constraint.Text;
                break;
            case ConstraintKind.StructuralTag:
                message.StructuralTag = constraint.Text;
                break;
            default:
                break;
        }
    }
}
