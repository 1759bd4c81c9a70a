using Gateway.Actors.Engines.Generation;
using Gateway.Wire.Vllm;

namespace Gateway.Actors.Engines.Vllm;

/// <summary>vLLM's answers: everything is a difference while it streams.</summary>
internal sealed class VllmSteps(GenerationRequest request) : StepReader<GenerateResponse>(request)
{
    public override bool TryRead(GenerateResponse message, out GenerationStep step)
    {
        switch (message.ResponseCase)
        {
            case GenerateResponse.ResponseOneofCase.Chunk:
                step = Read(message.Chunk);
                return step.Tokens.Length > 0 || step.PromptLogprobs is not null;
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
        var index = (int)chunk.Index;
        var tokens = Choices.Take(index, chunk.TokenIds);
        return new GenerationStep
        {
            Index = index,
            Tokens = tokens,
            PromptTokens = (int)chunk.PromptTokens,
            CompletionTokens = Choices.CompletionTokens(index, (int)chunk.CompletionTokens),
            CachedTokens = (int)chunk.CachedTokens,
            Logprobs = VllmLogprobs.Read(chunk.OutputLogprobs, tokens, Request),
            PromptLogprobs = VllmLogprobs.Read(chunk.InputLogprobs, Request),
        };
    }

    private GenerationStep Read(GenerateComplete complete)
    {
        var index = (int)complete.Index;
        var isFirst = !Choices.HasBegun(index);
        var tokens = Choices.TakeLast(index, complete.OutputIds, (int)complete.CompletionTokens);
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
            Logprobs = VllmLogprobs.Read(complete.OutputLogprobs, tokens, Request),
            PromptLogprobs = isFirst ? VllmLogprobs.Read(complete.InputLogprobs, Request) : null,
            KvTransferJson = complete.HasKvTransferParamsJson ? complete.KvTransferParamsJson : null,
        };
    }
}
