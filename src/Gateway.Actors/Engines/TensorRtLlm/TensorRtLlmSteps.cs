using Gateway.Actors.Engines.Generation;
using Gateway.Wire.TensorRtLlm;

namespace Gateway.Actors.Engines.TensorRtLlm;

/// <summary>TensorRT-LLM's answers: tokens are differences on the way, counts are sums.</summary>
internal sealed class TensorRtLlmSteps(GenerationRequest request) : StepReader<GenerateResponse>(request)
{
    public override bool TryRead(GenerateResponse message, out GenerationStep step)
    {
        switch (message.ResponseCase)
        {
            case GenerateResponse.ResponseOneofCase.Chunk:
                step = Read(message.Chunk);
                return step.Tokens.Length > 0;
            case GenerateResponse.ResponseOneofCase.Complete:
                step = Read(message.Complete);
                return true;
            default:
                step = default;
                return false;
        }
    }

    private GenerationStep Read(GenerateStreamChunk chunk)
    {
        var index = (int)chunk.SequenceIndex;
        var tokens = Choices.Take(index, chunk.TokenIds);
        return new GenerationStep
        {
            Index = index,
            Tokens = tokens,
            PromptTokens = (int)chunk.PromptTokens,
            CompletionTokens = Choices.CompletionTokens(index, (int)chunk.CompletionTokens),
            CachedTokens = (int)chunk.CachedTokens,
            Logprobs = TensorRtLlmLogprobs.Read(chunk.Logprobs, tokens, Request),
        };
    }

    private GenerationStep Read(GenerateComplete complete)
    {
        var index = (int)complete.SequenceIndex;
        var tokens = Choices.TakeLast(index, complete.OutputTokenIds, (int)complete.CompletionTokens);
        return new GenerationStep
        {
            Index = index,
            Tokens = tokens,
            PromptTokens = (int)complete.PromptTokens,
            CompletionTokens = Choices.CompletionTokens(index, (int)complete.CompletionTokens),
            CachedTokens = (int)complete.CachedTokens,
            Finish = FinishReasons.Read(complete.FinishReason),
            MatchedStop = complete.HasMatchedStopStr ? complete.MatchedStopStr : null,
            MatchedToken = complete.HasMatchedTokenId ? (int)complete.MatchedTokenId : null,
            Logprobs = TensorRtLlmLogprobs.Read(complete.Logprobs, tokens, Request),
            PromptLogprobs = TensorRtLlmLogprobs.ReadPrompt(complete.PromptLogprobs, Request),
        };
    }
}
