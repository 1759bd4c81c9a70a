using System.Net.Sockets;

namespace Gateway.Actors.Engines;

/// <summary>Tells a connection that could not be made, broke or spoke nonsense from a mistake of ours.</summary>
public static class BrokenConnection
{
    /// <summary>
    /// True for what the HTTP client throws then. A bare <see cref="SocketException"/> is among it: the client asks for the
    /// peer's address once connected, and a peer that has reset the connection by then has none.
    /// </summary>
    public static bool Explains(Exception? exception) => exception is HttpRequestException or IOException or SocketException;
}
