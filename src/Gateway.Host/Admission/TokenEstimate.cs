using Gateway.Host.Api;
using Gateway.Host.Serving;

namespace Gateway.Host.Admission;

/// <summary>What a request is taken to cost before it has run. It need not be right: the engine's count settles it.</summary>
internal static class TokenEstimate
{
    /// <summary>English text and code have some four bytes to a token (OpenAI's tokenizer guide says characters).</summary>
    private const int BytesPerToken = 4;

    /// <summary>Tokens of an answer whose length the client has not limited.</summary>
    private const int UnlimitedAnswer = 256;

    /// <returns>Tokens, at least 1.</returns>
    public static long Of(int bodyLength, in RequestPeek peek, ServedEndpoint endpoint)
    {
        var answer = !endpoint.Generates ? 0 : peek.MaxTokens > 0 ? peek.MaxTokens : UnlimitedAnswer;
        return 1 + (bodyLength / BytesPerToken) + (long)answer;
    }
}
