using Gateway.Simulator.Api;
using Gateway.Simulator.Engine;
using Gateway.Wire.Vllm;

namespace Gateway.Simulator.Grpc.Vllm;

/// <summary>Reads vLLM's requests, as strictly as it does.</summary>
internal static class VllmRequest
{
    /// <exception cref="ApiException">It is nonsense, or from another time.</exception>
    public static TokenRequest Read(GenerateRequest request, SimulatorOptions options)
    {
        if (request.KvTransferParams is not null)
            throw new ApiException(501, "not_simulated", "Of vLLM's kv_transfer_params only the JSON is simulated.");
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

    /// <summary>What of the work is to be done here. A prefill that does not end by its length keeps nothing, as with vLLM's connectors.</summary>
    /// <exception cref="ApiException">It asks a worker for what is not its role's, or for several choices.</exception>
    public static TokenPart ReadPart(GenerateRequest request, TokenRequest read, SimulatorOptions options)
    {
        if (!request.HasKvTransferParamsJson)
            return TokenPart.Whole;
        var transfer = VllmTransfer.Read(request.KvTransferParamsJson, read.Id, options.KvConnector == SimulatedKvConnector.Mooncake);
        if (transfer.Room is null)
            return TokenPart.Whole;
        var role = transfer.KeepsCache ? SimulatorRole.Prefill : SimulatorRole.Decode;
        if (role != options.Role || read.Choices > 1)
            throw ApiException.Invalid("kv_transfer_params_json", "This worker does not pass keys and values on like that.");
        if (role == SimulatorRole.Prefill && TokenAnswers.Of(options, read)[0].FinishReason != "length")
            return TokenPart.Whole;
        return new TokenPart(role, transfer.Room) { LeavesRoom = transfer.KeepsCache };
    }

    private static int[] PromptOf(GenerateRequest request, SimulatorOptions options) => request.InputCase switch
    {
        GenerateRequest.InputOneofCase.Tokenized => TokenRequest.Tokens(request.Tokenized.InputIds),
        GenerateRequest.InputOneofCase.Text => TokenAnswers.Encode(options, request.Text),
        _ => throw ApiException.Invalid("input", "'tokenized' or 'text' is missing."),
    };
}
