using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Gateway.Simulator.Hosting;

/// <summary>The server's two ways in: without TLS, Kestrel does not find out by itself which version of HTTP a connection speaks.</summary>
internal sealed class ConnectionIntakes : IConnectionListenerFactory
{
    public ConnectionIntake Http { get; } = new(1);

    public ConnectionIntake Grpc { get; } = new(2);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new(endpoint.Equals(Grpc.EndPoint) ? Grpc : Http);
}
