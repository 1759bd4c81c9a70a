using Gateway.Simulator.Api;
using Gateway.Simulator.Disaggregation;
using Gateway.Simulator.Engine;
using Gateway.Wire.SgLang;

namespace Gateway.Simulator.Grpc.SgLang;

/// <summary>Reads SGLang's requests, as strictly as it does.</summary>
internal static class SgLangRequest
{
    /// <exception cref="ApiException">It is nonsense.</exception>
    public static TokenRequest Read(GenerateRequest request)
    {
        var sampling = request.SamplingParams ?? throw ApiException.Invalid("sampling_params", "'sampling_params' is missing.");
        TokenRequest.CheckTopP(sampling.TopP);
        if (sampling.TopK is 0 or < -1)
            throw ApiException.Invalid("top_k", "'top_k' must be -1 or at least 1.");
        var prompt = TokenRequest.Tokens(request.Tokenized?.InputIds ?? throw ApiException.Invalid("tokenized", "'tokenized' is missing."));
        var wantsPrompt = request.ReturnLogprob && request.LogprobStartLen >= 0;
        if (wantsPrompt && request.LogprobStartLen >= prompt.Length)
            throw ApiException.Invalid("logprob_start_len", "'logprob_start_len' is behind the end of the prompt.");
        return new TokenRequest
        {
            Id = TokenRequest.IdOr(request.RequestId),
            Prompt = prompt,
            Limits = new AnswerLimits(
                TokenRequest.MaxTokensOf(sampling.HasMaxNewTokens, sampling.MaxNewTokens), [.. sampling.Stop.Where(static stop => stop.Length > 0)], sampling.IgnoreEos),
            StopTokens = TokenRequest.Tokens(sampling.StopTokenIds),
            Choices = TokenRequest.ChoicesOf(sampling.N),
            Stream = request.Stream,
            Rank = RankOf(request.DataParallelRank),
            TopLogprobs = request.ReturnLogprob ? request.TopLogprobsNum : null,
            PromptLogprobsFrom = wantsPrompt ? request.LogprobStartLen : null,
        };
    }

    /// <exception cref="ApiException">The request came past a gateway that pairs workers.</exception>
    public static RoomAddress ReadRoom(GenerateRequest request) => request.DisaggregatedParams is { } pair
        ? new RoomAddress(pair.BootstrapHost, pair.BootstrapPort, pair.BootstrapRoom)
        : throw ApiException.Invalid("disaggregated_params", "A worker of a pair needs 'disaggregated_params'.");

    /// <summary>The field has no presence, and 0 is what says who leaves it to the engine.</summary>
    public static int? RankOf(int rank) => rank == 0 ? null : rank;
}
