using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Simulator.Hosting;

/// <summary>The open connections of one life of a worker, so that they can end with it.</summary>
internal sealed class ConnectionSet
{
    private readonly Lock _lock = new();
    private readonly HashSet<ConnectionContext> _open = [];
    private bool _closed;

    /// <returns>False if the life is over; the connection has then been reset.</returns>
    public bool TryAdd(ConnectionContext connection)
    {
        lock (_lock)
        {
            if (!_closed)
                _open.Add(connection);
        }

        if (_closed)
        {
            Reset(connection);
            return false;
        }

        connection.ConnectionClosed.Register(() =>
        {
            lock (_lock)
                _open.Remove(connection);
        });
        return true;
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _open.Count;
        }
    }

    /// <summary>Closes idle connections now and the others after the request that runs on them.</summary>
    public void CloseWhenIdle()
    {
        ConnectionContext[] connections;
        lock (_lock)
            connections = [.. _open];
        foreach (var connection in connections)
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

    /// <summary>Resets all connections, as the kernel does for a killed process.</summary>
    public void ResetAll()
    {
        ConnectionContext[] connections;
        lock (_lock)
        {
            _closed = true;
            connections = [.. _open];
        }

        Array.ForEach(connections, Reset);
    }

    // With a reason, Kestrel's sockets close with RST; without, with FIN.
    private static void Reset(ConnectionContext connection) => connection.Abort(new ConnectionAbortedException("The worker is gone."));
}
