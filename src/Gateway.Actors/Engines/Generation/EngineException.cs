namespace Gateway.Actors.Engines.Generation;

/// <summary>What is wrong with an engine's call.</summary>
public enum EngineFault
{
    /// <summary>The connection cannot be made or broke.</summary>
    Unreachable,

    /// <summary>No answer in the time it had.</summary>
    Timeout,

    /// <summary>The engine is full.</summary>
    Busy,

    /// <summary>The request is wrong; its message says what.</summary>
    InvalidRequest,

    /// <summary>The engine cannot do that.</summary>
    Unsupported,

    /// <summary>The key is wrong.</summary>
    Unauthorized,

    /// <summary>Anything else.</summary>
    Failed,
}

/// <summary>An engine refused a call, failed in it, or could not be reached.</summary>
public sealed class EngineException : Exception
{
    public EngineException(EngineFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    public EngineFault Fault { get; }
}
