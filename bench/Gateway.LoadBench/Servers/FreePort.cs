using System.Net;
using System.Net.Sockets;

namespace Gateway.LoadBench.Servers;

/// <summary>For servers that must be told where to listen.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
