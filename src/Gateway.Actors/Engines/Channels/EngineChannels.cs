using Grpc.Net.Client;

namespace Gateway.Actors.Engines.Channels;

/// <summary>
/// The small fixed set of channels to one engine. <c>Grpc.Net.Client</c> opens another HTTP/2 connection only at the server's stream limit,
/// so that one channel to a server with a high limit means one TCP connection however busy it is. An engine that closes a connection
/// (GOAWAY) has the channel's next call go over a new one.
/// </summary>
internal sealed class EngineChannels : IDisposable
{
    public const int Count = 4;

    /// <summary>Below the idle limits of common load balancers, which drop quiet connections silently.</summary>
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan KeepAliveTimeout = TimeSpan.FromSeconds(10);

    private readonly EngineChannel[] _channels = new EngineChannel[Count];

    /// <param name="address">As an http or https URI.</param>
    /// <param name="dialing">How each connection is made.</param>
    public EngineChannels(Uri address, EngineDialing dialing)
    {
        for (var i = 0; i < Count; i++)
            _channels[i] = new EngineChannel(Open(address, dialing));
    }

    /// <summary>Takes the channel with the fewest calls; two that look at the same moment may take the same. Call <see cref="EngineChannel.Exit"/> at the end.</summary>
    public EngineChannel EnterLeastBusy()
    {
        var least = _channels[0];
        for (var i = 1; i < Count; i++)
        {
            if (_channels[i].Calls < least.Calls)
                least = _channels[i];
        }

        least.Enter();
        return least;
    }

    public void Dispose()
    {
        foreach (var channel in _channels)
            channel.Dispose();
    }

    private static GrpcChannel Open(Uri address, EngineDialing dialing)
    {
        var connections = new SocketsHttpHandler
        {
            // Which trace context goes with a call is for the gateway to say: its attempt's, or the client's.
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = KeepAliveInterval,
            KeepAlivePingTimeout = KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        };
        dialing.Configure(connections);
        return GrpcChannel.ForAddress(
            address,
            new GrpcChannelOptions { DisposeHttpClient = true, MaxReceiveMessageSize = null, HttpHandler = connections });
    }
}
