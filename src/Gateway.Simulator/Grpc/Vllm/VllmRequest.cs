using Gateway.Simulator.Api;
using Gateway.Simulator.Engine;
using Gateway.Wire.Vllm;

namespace Gateway.Simulator.Grpc.Vllm;

/// <summary>Reads vLLM's requests, as strictly as it does.</summary>
internal static class VllmRequest
{
    /// <exception cref="ApiException">It is nonsense, or wants keys and values from elsewhere.</exception>
    public static TokenRequest Read(GenerateRequest request, SimulatorOptions options)
    {
        if (request.HasKvTransferParamsJson || request.KvTransferParams is not null)
            throw new ApiException(501, "not_simulated", "vLLM's prefill and decode apart are not simulated.");
        var sampling = request.SamplingParams ?? throw ApiException.Invalid("sampling_params", "'sampling_params' is missing.");
        TokenRequest.CheckTopP(sampling.TopP);
        if (sampling.RepetitionPenalty <= 0)
            throw ApiException.Invalid("repetition_penalty", "'repetition_penalty' must be above 0.");
        return new TokenRequest
        {
            Id = TokenRequest.IdOr(request.RequestId),
            Prompt = PromptOf(request, options),
            Limits = new AnswerLimits(
                TokenRequest.MaxTokensOf(sampling.HasMaxTokens, sampling.MaxTokens), [.. sampling.Stop.Where(static stop => stop.Length > 0)], sampling.IgnoreEos),
            StopTokens = TokenRequest.Tokens(sampling.StopTokenIds),
            Choices = TokenRequest.ChoicesOf(sampling.N),
            Stream = request.Stream,
            Seed = sampling.HasSeed ? sampling.Seed : 0,
            Rank = request.HasDataParallelRank ? request.DataParallelRank : null,
            TopLogprobs = sampling.HasLogprobs ? sampling.Logprobs : null,
            PromptLogprobsFrom = sampling.HasPromptLogprobs ? 0 : null,
        };
    }

    private static int[] PromptOf(GenerateRequest request, SimulatorOptions options) => request.InputCase switch
    {
        GenerateRequest.InputOneofCase.Tokenized => TokenRequest.Tokens(request.Tokenized.InputIds),
        GenerateRequest.InputOneofCase.Text => TokenAnswers.Encode(options, request.Text),
        _ => throw ApiException.Invalid("input", "'tokenized' or 'text' is missing."),
    };
}
