namespace Gateway.Actors.Workers;

/// <summary>A worker's actor gives up its connection and itself; its supervisor sees to a new incarnation.</summary>
internal sealed class ConnectionLostException(Worker worker, string reason) : Exception($"{worker} lost its connection: {reason}");
