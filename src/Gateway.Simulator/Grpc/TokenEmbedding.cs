using Gateway.Simulator.Api;
using Gateway.Simulator.Engine;
using Grpc.Core;

namespace Gateway.Simulator.Grpc;

/// <summary>Embeds tokens: takes the time of their prefill, and gives numbers that depend on them alone.</summary>
internal static class TokenEmbedding
{
    public static async Task<float[]> ComputeAsync(ServerCallContext call, string id, int[] tokens, int? rank)
    {
        var exchange = call.Exchange();
        RequestFields.GetRoom(exchange.Options, tokens.Length);
        using var generation = exchange.GetEngine(rank).Submit(TokenRequest.IdOr(id), tokens, [Answer.Empty]);
        await generation.WaitForResultAsync(call.CancellationToken);
        return [.. Enumerable.Range(0, exchange.Options.EmbeddingDimensions).Select(i => (float)((2 * PrefillOnly.Score(tokens, i)) - 1))];
    }
}
