namespace Gateway.Simulator.Api;

/// <summary>A fault rule wants the stream to break at the event that was about to be written.</summary>
internal sealed class StreamFaultException : Exception
{
    public StreamFaultException(FaultKind kind)
        : base($"Simulated fault: {kind}.") => Kind = kind;

    public FaultKind Kind { get; }
}
