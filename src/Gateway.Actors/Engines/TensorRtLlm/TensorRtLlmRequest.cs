using Gateway.Actors.Engines.Generation;
using Gateway.Wire.TensorRtLlm;
using Google.Protobuf;

namespace Gateway.Actors.Engines.TensorRtLlm;

/// <summary>
/// A request in TensorRT-LLM's words. What it is not told it takes for greedy decoding, so the neutral values of sampling are said. It has no
/// field for biases by token, nor for what its missing detokenizer would do with special tokens.
/// </summary>
internal static class TensorRtLlmRequest
{
    /// <summary>Most tokens of an answer when neither the client nor the engine says; the field is required, and 0 would be none.</summary>
    private const int FallbackMaxTokens = 2048;

    /// <exception cref="EngineException">It is asked for what it has no words for.</exception>
    public static GenerateRequest From(GenerationRequest request, EngineDefaults defaults)
    {
        if (request.Sampling.LogitBias is { Count: > 0 })
            throw new EngineException(EngineFault.Unsupported, "TensorRT-LLM does not take logit biases by token over gRPC");
        var wanted = request.Sampling;
        var message = new GenerateRequest
        {
            RequestId = request.RequestId,
            Tokenized = Tokenized(request.PromptTokens, request.PromptText),
            SamplingConfig = Sampling(wanted, defaults.Sampling),
            OutputConfig = Output(request),
            MaxTokens = MaxTokens(request, defaults),
            Streaming = request.Stream,
            Stop = { wanted.Stop },
            IgnoreEos = wanted.IgnoresEndOfText,
            IncludeStopTokenInOutput = wanted.KeepsStop,
        };
        TokenIds.Add(message.StopTokenIds, wanted.StopTokens);
        if (request.Constraint is { } constraint)
            message.GuidedDecoding = new GuidedDecodingParams { GuideType = GuideOf(constraint.Kind), Guide = constraint.Text };
        if (request.Images.Count > 0)
            message.MultimodalInput = Images(request.Images);
        return message;
    }

    public static TokenizedInput Tokenized(ReadOnlyMemory<int> tokens, string text)
    {
        var input = new TokenizedInput { OriginalText = text };
        TokenIds.Add(input.InputTokenIds, tokens.Span);
        return input;
    }

    private static SamplingConfig Sampling(SamplingSettings wanted, SamplingDefaults defaults)
    {
        var message = new SamplingConfig
        {
            BeamWidth = 1,
            NumReturnSequences = (uint)wanted.Choices,
            Temperature = wanted.Temperature ?? defaults.Temperature ?? 1,
            TopP = wanted.TopP ?? defaults.TopP ?? 1,
            // Here 0 stands for all.
            TopK = Math.Max(0, wanted.TopK ?? defaults.TopK ?? 0),
            MinP = wanted.MinP ?? defaults.MinP ?? 0,
            FrequencyPenalty = wanted.FrequencyPenalty ?? defaults.FrequencyPenalty ?? 0,
            PresencePenalty = wanted.PresencePenalty ?? defaults.PresencePenalty ?? 0,
            RepetitionPenalty = wanted.RepetitionPenalty ?? defaults.RepetitionPenalty ?? 1,
        };
        if (wanted.MinTokens > 0)
            message.MinTokens = (uint)wanted.MinTokens;
        if (wanted.Seed is { } seed)
            message.Seed = unchecked((ulong)seed);
        return message;
    }

    private static OutputConfig Output(GenerationRequest request)
    {
        var message = new OutputConfig { ExcludeInputFromOutput = true };
        if (request.TopLogprobs is { } alternatives)
            message.Logprobs = alternatives;
        if (request.PromptLogprobsFrom is not null)
            message.PromptLogprobs = request.TopLogprobs ?? 0;
        return message;
    }

    private static uint MaxTokens(GenerationRequest request, EngineDefaults defaults)
    {
        var most = request.Sampling.MaxTokens ?? defaults.Sampling.MaxTokens
            ?? (defaults.MaxModelLength is { } length ? length - request.PromptTokens.Length : FallbackMaxTokens);
        return (uint)Math.Max(1, most);
    }

    private static GuidedDecodingParams.Types.GuideType GuideOf(ConstraintKind kind) => kind switch
    {
        ConstraintKind.JsonObject => GuidedDecodingParams.Types.GuideType.Json,
        ConstraintKind.JsonSchema => GuidedDecodingParams.Types.GuideType.JsonSchema,
        ConstraintKind.Regex => GuidedDecodingParams.Types.GuideType.Regex,
        ConstraintKind.Ebnf => GuidedDecodingParams.Types.GuideType.EbnfGrammar,
        ConstraintKind.StructuralTag => GuidedDecodingParams.Types.GuideType.StructuralTag,
        _ => GuidedDecodingParams.Types.GuideType.Unspecified,
    };

    /// <exception cref="EngineException">An image is elsewhere: the engine takes bytes, and the gateway fetches nothing.</exception>
    private static MultimodalInput Images(IReadOnlyList<string> images)
    {
        var input = new MultimodalInput();
        foreach (var image in images)
        {
            var comma = image.IndexOf(',', StringComparison.Ordinal);
            if (!image.StartsWith("data:", StringComparison.OrdinalIgnoreCase) || comma < 0)
                throw new EngineException(EngineFault.Unsupported, "TensorRT-LLM takes images only as data URLs");
            var bytes = new byte[(image.Length - comma) * 3 / 4];
            if (!Convert.TryFromBase64Chars(image.AsSpan(comma + 1), bytes, out var written))
                throw new EngineException(EngineFault.InvalidRequest, "an image's data URL is not valid base64");
            input.ImageData.Add(ByteString.CopyFrom(bytes.AsSpan(0, written)));
        }

        return input;
    }
}
