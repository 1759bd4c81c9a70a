using System.Globalization;
using Gateway.Actors.Engines.Generation;
using Gateway.Wire.SgLang;
using Google.Protobuf.Collections;

namespace Gateway.Actors.Engines.SgLang;

/// <summary>A request in SGLang's words. Its zeros are not its defaults, so everything is said.</summary>
internal static class SgLangRequest
{
    /// <summary>For a request that wants no log-probabilities of its prompt.</summary>
    private const int NoPromptLogprobs = -1;

    public static GenerateRequest From(GenerationRequest request, SamplingDefaults defaults)
    {
        var message = new GenerateRequest
        {
            RequestId = request.RequestId,
            Tokenized = Tokenized(request.PromptTokens, request.PromptText),
            SamplingParams = Sampling(request, defaults),
            Stream = request.Stream,
            ReturnLogprob = request.TopLogprobs is not null || request.PromptLogprobsFrom is not null,
            LogprobStartLen = request.PromptLogprobsFrom ?? NoPromptLogprobs,
            TopLogprobsNum = request.TopLogprobs ?? 0,
            RequireReasoning = request.CountsReasoning,
            // Without presence: a request that leaves the rank to the engine says 0 too.
            DataParallelRank = request.DataParallelRank ?? 0,
        };
        if (request.Bootstrap is { } bootstrap)
            message.DisaggregatedParams = new DisaggregatedParams { BootstrapHost = bootstrap.Host, BootstrapPort = bootstrap.Port, BootstrapRoom = bootstrap.Room };
        if (request.Images.Count > 0)
            message.MmInputs = new MultimodalInputs { ImageUrls = { request.Images } };
        return message;
    }

    /// <summary>A classifier is asked as an embedder is: which of them it is, is the model's own affair.</summary>
    public static EmbedRequest From(EmbeddingRequest request)
    {
        var message = new EmbedRequest
        {
            RequestId = request.RequestId,
            Tokenized = Tokenized(request.Tokens, ""),
            IsCrossEncoder = request.Task == EmbeddingTask.ScorePair,
            DataParallelRank = request.DataParallelRank ?? 0,
        };
        message.TokenTypeIds.Add(request.TokenTypes.ToArray());
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
        // It has no field for a seed, and its custom parameters reach only processors of logits: a seed is not passed on.
        var message = new SamplingParams
        {
            Temperature = wanted.Temperature ?? defaults.Temperature ?? 1,
            TopP = wanted.TopP ?? defaults.TopP ?? 1,
            TopK = wanted.TopK ?? defaults.TopK ?? -1,
            MinP = wanted.MinP ?? defaults.MinP ?? 0,
            FrequencyPenalty = wanted.FrequencyPenalty ?? defaults.FrequencyPenalty ?? 0,
            PresencePenalty = wanted.PresencePenalty ?? defaults.PresencePenalty ?? 0,
            RepetitionPenalty = wanted.RepetitionPenalty ?? defaults.RepetitionPenalty ?? 1,
            MinNewTokens = (uint)wanted.MinTokens,
            Stop = { wanted.Stop },
            SkipSpecialTokens = wanted.SkipsSpecialTokens,
            SpacesBetweenSpecialTokens = wanted.SpacesBetweenSpecialTokens,
            N = (uint)wanted.Choices,
            IgnoreEos = wanted.IgnoresEndOfText,
            NoStopTrim = wanted.KeepsStop,
        };
        // Zero is what it takes for "use all" elsewhere; here that is -1.
        if (message.TopK == 0)
            message.TopK = -1;
        if ((wanted.MaxTokens ?? defaults.MaxTokens) is { } most)
            message.MaxNewTokens = (uint)most;
        TokenIds.Add(message.StopTokenIds, wanted.StopTokens);
        if (wanted.LogitBias is { } bias)
            AddBias(message.LogitBias, bias);
        Constrain(message, request.Constraint);
        return message;
    }

    private static void AddBias(MapField<string, float> message, IReadOnlyDictionary<int, float> bias)
    {
        foreach (var (token, value) in bias)
            message.Add(token.ToString(CultureInfo.InvariantCulture), value);
    }

    private static void Constrain(SamplingParams message, OutputConstraint? constraint)
    {
        switch (constraint?.Kind)
        {
            case ConstraintKind.JsonObject:
                message.JsonSchema = """{"type":"object"}""";
                break;
            case ConstraintKind.JsonSchema:
                message.JsonSchema = constraint.Text;
                break;
            case ConstraintKind.Regex:
                message.Regex = constraint.Text;
                break;
            case ConstraintKind.Ebnf:
                message.EbnfGrammar = constraint.Text;
                break;
            case ConstraintKind.StructuralTag:
                message.StructuralTag = constraint.Text;
                break;
            default:
                break;
        }
    }
}
