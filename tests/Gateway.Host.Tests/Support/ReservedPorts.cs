using System.Net;
using System.Net.Sockets;

namespace Gateway.Host.Tests.Support;

/// <summary>
/// Ports for processes that must know each other's before they start, and get them again after a restart. They lie below those that the
/// system gives to whoever asks for any (from 32,768 on Linux), so that nobody gets one by chance in between, and each test process begins
/// elsewhere.
/// </summary>
internal static class ReservedPorts
{
    private const int First = 12_000;
    private const int Count = 20_000;

    /// <summary>Ports apart that the beginnings of two processes with neighbouring ids are; more than one takes.</summary>
    private const int Stride = 200;

    private static int _taken = Environment.ProcessId * Stride % Count;

    /// <returns>Ports that nobody has, each given once in this process until all have been.</returns>
    public static int[] Take(int count)
    {
        var ports = new int[count];
        for (var i = 0; i < count; i++)
        {
            do
                ports[i] = First + (Interlocked.Increment(ref _taken) % Count);
            while (!IsFree(ports[i]));
        }

        return ports;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
