namespace Gateway.Actors.Workers;

/// <summary>How the gateway talks to a worker.</summary>
public enum ConnectionMode
{
    /// <summary>The URL has no scheme: both are probed when the worker connects, HTTP wins.</summary>
    Auto,
    Http,
    Grpc,
}

/// <summary>The engine that runs on a worker.</summary>
public enum EngineRuntime
{
    /// <summary>Not said, and not yet discovered.</summary>
    Unspecified,
    SgLang,
    Vllm,
    TensorRtLlm,

    /// <summary>Any other server that speaks the OpenAI API.</summary>
    External,
}

/// <summary>What part of a generation a worker does.</summary>
public enum WorkerRole
{
    /// <summary>Prefill and decode on the same engine.</summary>
    Regular,
    Prefill,
    Decode,
}

/// <summary>
/// Pending → Ready ⇄ NotReady → Draining → Removed, and Failed. Only <see cref="Ready"/> workers are routable.
/// A removed worker is no longer in any snapshot, so it has no value here.
/// </summary>
public enum WorkerState
{
    /// <summary>Registered; not yet connected, or its model is not yet known.</summary>
    Pending,
    Ready,

    /// <summary>Connected, but the engine says that it is unhealthy or does not answer in time.</summary>
    NotReady,

    /// <summary>Takes no new request; removed as soon as the last one ends or its deadline passes.</summary>
    Draining,

    /// <summary>Its connection was lost or could not be made; it is tried again for ever.</summary>
    Failed,
}

/// <summary>Who told the gateway of a worker.</summary>
public enum WorkerOrigin
{
    CommandLine,
    Api,
    File,
    Kubernetes,
    Dns,
}
