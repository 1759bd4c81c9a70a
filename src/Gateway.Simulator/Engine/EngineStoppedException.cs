namespace Gateway.Simulator.Engine;

/// <summary>The engine that a request was meant for has crashed or been stopped.</summary>
internal sealed class EngineStoppedException : Exception
{
    public EngineStoppedException()
        : base("The engine has stopped.")
    {
    }
}
