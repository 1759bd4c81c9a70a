using System.Net.Sockets;

namespace Gateway.Host.Commands.Checks;

/// <summary>What an engine answers to this machine, which need not be the gateway's.</summary>
/// <param name="Failure">Why there is no answer, or null.</param>
/// <param name="Status">Of its answer; null over gRPC, where a connection is all that is tried.</param>
/// <param name="Date">Its clock, if it tells.</param>
internal sealed record EngineProbe(string? Failure, int? Status, DateTimeOffset? Date)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public static async Task<EngineProbe> AskAsync(string url, CancellationToken cancellation)
    {
        // A rank of an engine is written behind its port.
        if (!Uri.TryCreate(url.Split('@')[0], UriKind.Absolute, out var address))
            return new EngineProbe("its URL makes no sense", null, null);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Timeout);
        try
        {
            return address.Scheme is "http" or "https" ? await GetAsync(address, limit.Token) : await ConnectAsync(address, limit.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or SocketException)
        {
            return new EngineProbe((failure.InnerException ?? failure).Message, null, null);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new EngineProbe($"no answer within {Timeout.TotalSeconds} s", null, null);
        }
    }

    private static async Task<EngineProbe> GetAsync(Uri address, CancellationToken cancellation)
    {
        // As the gateway does: straight.
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var http = new HttpClient(handler);
        using var response = await http.GetAsync(new Uri(address, "/health"), cancellation);
        return new EngineProbe(null, (int)response.StatusCode, response.Headers.Date);
    }

    private static async Task<EngineProbe> ConnectAsync(Uri address, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port, cancellation);
        return new EngineProbe(null, null, null);
    }
}
