using System.Net;
using System.Text.Json;
using Gateway.Host.Tests.Support;

namespace Gateway.Host.Tests.Dashboard;

/// <summary>Watches a gateway's dashboard events.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage answer, Stream body)
    {
        _answer = answer;
        _lines = new StreamReader(body);
    }

    public HttpResponseMessage Head => _answer;

    public static async Task<EventReader> OpenAsync(HttpClient client)
    {
        var answer = await client.GetAsync(new Uri("/dashboard/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new EventReader(answer, await answer.Content.ReadAsStreamAsync());
    }

    /// <returns>The next event; null when the stream is over.</returns>
    public async Task<(string Name, JsonElement Data)?> NextAsync()
    {
        using var patience = new CancellationTokenSource(Eventually.Limit);
        if (await _lines.ReadLineAsync(patience.Token) is not { } name)
            return null;
        var data = await _lines.ReadLineAsync(patience.Token);
        // An event is a line that names it, a line of JSON, and an empty line: nothing else is ever sent.
        Assert.StartsWith("event: ", name, StringComparison.Ordinal);
        Assert.StartsWith("data: {", data, StringComparison.Ordinal);
        Assert.Equal("", await _lines.ReadLineAsync(patience.Token));
        return (name["event: ".Length..], JsonSerializer.Deserialize<JsonElement>(data!["data: ".Length..]));
    }

    /// <summary>Reads on to an event of this name about which this is true.</summary>
    public async Task<JsonElement> UntilAsync(string name, Func<JsonElement, bool>? isIt = null)
    {
        while (true)
        {
            var (next, data) = await NextAsync() ?? throw new InvalidOperationException($"the stream ended before {name}");
            if (next == name && (isIt is null || isIt(data)))
                return data;
        }
    }

    public void Dispose()
    {
        _lines.Dispose();
        _answer.Dispose();
    }
}
