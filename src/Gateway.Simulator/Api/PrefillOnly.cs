using System.Text.Json;
using Gateway.Simulator.Engine;

namespace Gateway.Simulator.Api;

/// <summary>Work that ends with the prompt: embeddings, scores, classes.</summary>
internal static class PrefillOnly
{
    /// <summary>Computes the prompts.</summary>
    /// <returns>How many of their tokens were cached.</returns>
    public static async Task<int> RunAsync(Exchange exchange, JsonElement request, string id, IReadOnlyList<int[]> prompts)
    {
        await exchange.BreakIfFaultyAsync();
        var generations = new List<Generation>(prompts.Count);
        try
        {
            foreach (var prompt in prompts)
            {
                RequestFields.GetRoom(exchange.Options, prompt.Length);
                generations.Add(request.GetEngine(exchange).Submit($"{id}-{generations.Count}", prompt, [Answer.Empty]));
            }

            foreach (var generation in generations)
                await generation.WaitForResultAsync(exchange.Aborted);
            return generations.Sum(static generation => generation.CachedTokens);
        }
        finally
        {
            generations.ForEach(static generation => generation.Dispose());
        }
    }

    /// <summary>A number from 0 to 1 that depends on the tokens alone.</summary>
    public static double Score(ReadOnlySpan<int> tokens, int seed) =>
        (FillerText.Next(BlockHashes.OfAll(tokens, seed)) >> 11) * (1.0 / (1UL << 53));
}
