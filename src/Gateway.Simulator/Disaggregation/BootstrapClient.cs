using System.Net.Sockets;

namespace Gateway.Simulator.Disaggregation;

/// <summary>Fetches keys and values for a decode worker.</summary>
internal sealed class BootstrapClient : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });

    /// <summary>Waits until the room has been computed and fetches it.</summary>
    /// <param name="rank">Data-parallel rank of the prefill worker that is to have it; null if any may.</param>
    /// <param name="prompt">What the keys and values must be of.</param>
    /// <exception cref="HandoverException">They can't be had.</exception>
    public async Task FetchAsync(RoomAddress address, int? rank, int[] prompt, CancellationToken cancellation)
    {
        var path = new UriBuilder("http", address.Host, address.Port, $"/rooms/{address.Room}") { Query = QueryOf(address, rank) };
        using var request = new HttpRequestMessage(HttpMethod.Get, path.Uri);
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            if (!response.IsSuccessStatusCode)
                throw new HandoverException(address.Room, text.Length > 0 ? text : "the bootstrap server refused");
            if (text != PromptName.Of(prompt))
                throw new HandoverException(address.Room, "they are of another prompt");
        }
        catch (HttpRequestException error)
        {
            var wasThere = error.HttpRequestError is not (HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError);
            throw new HandoverException(address.Room, wasThere ? "the bootstrap server has gone" : "the bootstrap server can't be reached");
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new HandoverException(address.Room, "the bootstrap server has gone");
        }
    }

    public void Dispose() => _http.Dispose();

    private static string QueryOf(RoomAddress address, int? rank) =>
        address.Engine is { } engine ? $"engine={Uri.EscapeDataString(engine)}" : rank is null ? "" : $"dp_rank={rank}";
}
