using System.Net.Http.Headers;
using System.Text;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>Asks one engine for its load over HTTP, in the words of whichever engine it is.</summary>
internal static class EngineLoadQuery
{
    /// <summary>No engine's answer is near this size.</summary>
    private const int MaxAnswerBytes = 4 * 1024 * 1024;

    /// <exception cref="HttpRequestException">The transport failed.</exception>
    /// <exception cref="IOException">The transport failed, or the answer is too long.</exception>
    public static async Task<EngineLoadReport> AskAsync(
        HttpEngineClient client, EngineRuntime runtime, Secret? apiKey, CancellationToken cancellation)
    {
        if (runtime != EngineRuntime.Vllm)
        {
            if (await GetAsync("v1/loads").ConfigureAwait(false) is { } loads && EngineLoadReader.ReadSgLangLoads(loads) is { } now)
                return now;
            if (await GetAsync("get_load").ConfigureAwait(false) is { } load && EngineLoadReader.ReadSgLangLoad(load) is { } older)
                return older;
        }

        return await GetAsync("metrics").ConfigureAwait(false) is { } metrics
            && EngineLoadReader.ReadVllmMetrics(Encoding.UTF8.GetString(metrics)) is { } vllm
                ? vllm
                : EngineLoadReport.Unknown("the engine does not tell its load");

        // Null if the engine does not know the path.
        async Task<byte[]?> GetAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.Address, path));
            if (apiKey is not null)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey.Reveal());
            using var response = await client.SendAsync(request, cancellation).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                return null;
            using var body = new MemoryStream();
            await response.Content.CopyToAsync(new BoundedStream(body, MaxAnswerBytes), cancellation).ConfigureAwait(false);
            return body.ToArray();
        }
    }
}
