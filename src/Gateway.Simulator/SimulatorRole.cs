namespace Gateway.Simulator;

/// <summary>Which part of a request's work a worker does.</summary>
public enum SimulatorRole
{
    /// <summary>All of it.</summary>
    Regular,

    /// <summary>Computes the prompt and keeps its keys and values until a decode worker has fetched them.</summary>
    Prefill,

    /// <summary>Generates the answer from keys and values that it fetches from a prefill worker.</summary>
    Decode,
}
