namespace Gateway.Simulator;

/// <summary>Which requests a fault is for.</summary>
public enum FaultTarget
{
    /// <summary>Those that ask the model for something.</summary>
    Requests,

    /// <summary>Health, model and server information, metrics.</summary>
    Probes,

    All,
}
