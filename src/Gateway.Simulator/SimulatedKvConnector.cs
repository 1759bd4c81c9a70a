namespace Gateway.Simulator;

/// <summary>How a vLLM prefill worker passes keys and values on to a decode worker.</summary>
public enum SimulatedKvConnector
{
    /// <summary>What the prefill worker answers is what the decode worker is asked with.</summary>
    Nixl,

    /// <summary>Whoever asks both names the transfer, and tells the decode worker where to ask for it.</summary>
    Mooncake,
}
