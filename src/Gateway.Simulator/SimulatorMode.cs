namespace Gateway.Simulator;

/// <summary>How a worker arrives at its answers.</summary>
public enum SimulatorMode
{
    /// <summary>Batching, prefill, KV cache and queueing are modelled; answers take the time that they would.</summary>
    Simulated,

    /// <summary>Fixed bytes at the least cost, for measuring a gateway.</summary>
    Canned,
}
