namespace Gateway.Simulator.Engine;

/// <summary>A generation has ended for a reason that its client is told, while the engine goes on.</summary>
internal sealed class GenerationFailedException : Exception
{
    public GenerationFailedException(string message)
        : base(message)
    {
    }
}
