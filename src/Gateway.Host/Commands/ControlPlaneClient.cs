using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Commands;

/// <summary>A running gateway, asked over its control plane.</summary>
internal sealed class ControlPlaneClient : IDisposable
{
    /// <summary>Longer than the 5 s that the registry, or an engine asked for its load, may take.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly Secret? _key;

    public ControlPlaneClient(Uri address, Secret? key)
    {
        // A proxy of the environment is for other machines. A redirection could carry the key elsewhere.
        var handler = new SocketsHttpHandler { UseProxy = !address.IsLoopback, AllowAutoRedirect = false };
        _http = new HttpClient(handler) { BaseAddress = address, Timeout = System.Threading.Timeout.InfiniteTimeSpan };
        _key = key;
    }

    public Uri Address => _http.BaseAddress!;

    /// <exception cref="CommandFailure">Nobody answers, or the answer is no.</exception>
    public Task<JsonObject> AskAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation) =>
        AskAsync(method, path, body, _key, cancellation);

    public Task<JsonObject> GetAsync(string path, CancellationToken cancellation) => GetAsync(path, _key, cancellation);

    /// <summary>With a client's key instead of the control plane's.</summary>
    public Task<JsonObject> GetAsync(string path, Secret? key, CancellationToken cancellation) =>
        AskAsync(HttpMethod.Get, path, body: null, key, cancellation);

    private async Task<JsonObject> AskAsync(HttpMethod method, string path, JsonObject? body, Secret? key, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var response = await SendAsync(request, key, Timeout, cancellation);
        var answer = Parse(await response.Content.ReadAsStringAsync(cancellation));
        if (!response.IsSuccessStatusCode)
            throw Refusal(response.StatusCode, answer);
        return answer ?? throw new CommandFailure(ExitCode.Refused, $"{Address} answers, but not as a gateway does: is it another server?");
    }

    /// <summary>Sends whatever request, and leaves its answer to the caller.</summary>
    /// <param name="request">To a path of the gateway.</param>
    /// <param name="key">Sent with it.</param>
    /// <param name="timeout">Until the headers are there.</param>
    /// <param name="cancellation">Of the command.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, Secret? key, TimeSpan timeout, CancellationToken cancellation)
    {
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Reveal());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            return await _http.SendAsync(request, limit.Token);
        }
        catch (HttpRequestException failure)
        {
            throw new CommandFailure(ExitCode.NotReachable, $"no gateway answers at {Address}: {Innermost(failure)}. Is it running? --url or {ConnectionOptions.UrlVariable} says where");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.NotReachable, $"{Address} did not answer within {timeout.TotalSeconds:0} s");
        }
    }

    public void Dispose() => _http.Dispose();

    private static CommandFailure Refusal(HttpStatusCode status, JsonObject? answer)
    {
        var code = (answer?["code"] ?? (answer?["error"] as JsonObject)?["code"])?.ToString();
        var said = (answer?["error"] is JsonObject error ? error["message"] : answer?["error"])?.ToString() ?? $"the gateway answered {(int)status}";
        var advice = status switch
        {
            HttpStatusCode.Unauthorized => $". Give its control plane's key: --key-file PATH or {ConnectionOptions.KeyVariable}",
            HttpStatusCode.Forbidden => ". Use a key with a higher role, or run this on the gateway's machine if it has no keys",
            HttpStatusCode.NotFound when code is null or "unknown_url" => ". Is it a gateway, and is its control plane switched on?",
            _ => "",
        };
        return new CommandFailure(ExitCode.Refused, said.TrimEnd('.') + advice, code);
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Innermost(Exception failure) =>
        failure.InnerException is { } inner ? Innermost(inner) : failure.Message.TrimEnd('.');
}
