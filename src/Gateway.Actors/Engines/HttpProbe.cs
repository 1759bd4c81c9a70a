using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>One probe over HTTP: first the engine's health, then what it is and serves.</summary>
internal sealed class HttpProbe(HttpEngineClient client, ProbePlan plan)
{
    /// <summary>No engine's answer to these questions is near this size.</summary>
    private const int MaxAnswerBytes = 4 * 1024 * 1024;

    public async Task<ProbeResult> RunAsync(CancellationToken cancellation)
    {
        try
        {
            if (plan.HealthEndpoint is { } endpoint && await GetAsync(endpoint, cancellation).ConfigureAwait(false) is { IsSuccess: false } answer)
                return ProbeResult.Failed(ProbeOutcome.Unhealthy, $"{endpoint} answered {(int)answer.Status}");
            return plan.Discover
                ? await DiscoverAsync(cancellation).ConfigureAwait(false)
                : ProbeResult.Healthy(WorkerFacts.Unknown);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ProbeResult.Failed(ProbeOutcome.Silent, $"no answer within {plan.Timeout.TotalSeconds:0.###} s");
        }
        catch (HttpRequestException exception)
        {
            return ProbeResult.Failed(ProbeOutcome.Unreachable, Describe(exception));
        }
        catch (Exception exception) when (BrokenConnection.Explains(exception))
        {
            return ProbeResult.Failed(ProbeOutcome.Unreachable, exception.Message);
        }
    }

    private async Task<ProbeResult> DiscoverAsync(CancellationToken cancellation)
    {
        var (models, owner) = EngineMetadata.ReadModels(await GetAsync("/v1/models", cancellation).ConfigureAwait(false));
        var runtime = EngineMetadata.RuntimeOf(owner);
        string? version = null;
        var server = default(ServerInfo);
        if (runtime is EngineRuntime.Unspecified or EngineRuntime.Vllm)
        {
            version = EngineMetadata.ReadVersion(await GetAsync("/version", cancellation).ConfigureAwait(false));
            if (version is not null)
                runtime = EngineRuntime.Vllm;
        }

        if (runtime is EngineRuntime.Unspecified or EngineRuntime.SgLang)
        {
            server = EngineMetadata.ReadServerInfo(await AskServerInfoAsync(cancellation).ConfigureAwait(false));
            if (server.IsSgLang)
                (runtime, version) = (EngineRuntime.SgLang, server.Version);
            if (models.IsEmpty && server.ServedModel is { } served)
                models = [new ModelCard(served)];
        }

        if (models.IsEmpty && EngineMetadata.ReadModelPath(await GetAsync("/get_model_info", cancellation).ConfigureAwait(false)) is { } path)
        {
            models = [new ModelCard(path)];
            runtime = EngineRuntime.SgLang;
        }

        return ProbeResult.Healthy(new WorkerFacts
        {
            Mode = ConnectionMode.Http,
            Runtime = runtime == EngineRuntime.Unspecified ? EngineRuntime.External : runtime,
            Models = models,
            EngineVersion = version,
            DataParallelSize = server.IsSgLang ? server.DataParallelSize : null,
            MaxRunningRequests = server.IsSgLang ? server.MaxRunningRequests : null,
        });
    }

    /// <summary>The first name is the older one, and on its way out.</summary>
    private async Task<HttpAnswer> AskServerInfoAsync(CancellationToken cancellation)
    {
        var answer = await GetAsync("/get_server_info", cancellation).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.NotFound ? await GetAsync("/server_info", cancellation).ConfigureAwait(false) : answer;
    }

    private async Task<HttpAnswer> GetAsync(string path, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(plan.Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.Address, path.TrimStart('/')));
        if (plan.ApiKey is { } key)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        using var response = await client.SendAsync(request, limit.Token).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
            return new HttpAnswer(response.StatusCode, null);
        using var body = new MemoryStream();
        await response.Content.CopyToAsync(new BoundedStream(body, MaxAnswerBytes), limit.Token).ConfigureAwait(false);
        return new HttpAnswer(response.StatusCode, Parse(body));
    }

    /// <summary>Health endpoints may answer with nothing, or with plain text.</summary>
    private static JsonElement? Parse(MemoryStream body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Describe(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "its host name does not resolve",
        HttpRequestError.ConnectionError => exception.GetBaseException().Message,
        HttpRequestError.SecureConnectionError => $"TLS failed: {exception.GetBaseException().Message}",
        _ => exception.GetBaseException().Message,
    };
}

/// <param name="Status">Of the answer.</param>
/// <param name="Json">The body of a success that is JSON; null otherwise.</param>
internal readonly record struct HttpAnswer(HttpStatusCode Status, JsonElement? Json)
{
    public bool IsSuccess => (int)Status is >= 200 and < 300;
}
