namespace Gateway.Simulator;

/// <summary>What a worker speaks on its port.</summary>
public enum SimulatorProtocol
{
    /// <summary>HTTP/1.1: the runtime's own endpoints beside OpenAI's.</summary>
    Http,

    /// <summary>The runtime's gRPC service, over HTTP/2 with prior knowledge.</summary>
    Grpc,
}
