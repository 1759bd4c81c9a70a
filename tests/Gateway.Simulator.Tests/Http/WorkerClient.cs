using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Gateway.Simulator.Tests.Http;

/// <summary>Talks to one worker as a client would.</summary>
internal sealed class WorkerClient : IDisposable
{
    private readonly HttpClient _http;

    public WorkerClient(SimulatedWorker worker)
    {
        // To leave means to close the connection; by default the rest of an answer is read for 2 s first, to save the connection.
        var handler = new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero };
        _http = new HttpClient(handler) { BaseAddress = worker.Url, Timeout = TimeSpan.FromMinutes(2) };
    }

    public HttpClient Http => _http;

    public static JsonObject Chat(string text, bool stream = false) => new()
    {
        ["model"] = "sim-8b",
        ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }),
        ["stream"] = stream,
    };

    /// <summary>Asks for an answer that takes minutes, so that it is surely still running when the test does something to it.</summary>
    public static JsonObject EndlessChat(bool stream)
    {
        var request = Chat("Never end", stream);
        request["ignore_eos"] = true;
        request["max_tokens"] = 100_000;
        return request;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(path, UriKind.Relative));

    public async Task<JsonNode> GetJsonAsync(string path) => (await _http.GetFromJsonAsync<JsonNode>(new Uri(path, UriKind.Relative)))!;

    public Task<HttpResponseMessage> PostAsync(string path, JsonNode? body) => _http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body);

    public async Task<JsonNode> PostJsonAsync(string path, JsonNode? body)
    {
        using var response = await PostAsync(path, body);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    public Task<JsonNode> ChatAsync(string text) => PostJsonAsync("/v1/chat/completions", Chat(text));

    /// <summary>Sends a request whose answer is read as it comes.</summary>
    public async Task<HttpResponseMessage> OpenAsync(string path, JsonNode body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>The data of each event of a stream, read to its end.</summary>
    public async Task<List<string>> StreamAsync(string path, JsonNode body)
    {
        using var response = await OpenAsync(path, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return await ReadEvents(response).ToListAsync();
    }

    public static async IAsyncEnumerable<string> ReadEvents(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                yield return line["data: ".Length..];
        }
    }

    public void Dispose() => _http.Dispose();
}
