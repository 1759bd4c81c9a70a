using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;

namespace Gateway.Host.Configuration;

/// <summary>
/// Everything an operator can set, validated once at start and immutable from then on. The initial values here, in
/// <see cref="HealthSettings"/> and in <see cref="BreakerSettings"/> are the gateway's only table of defaults: flags, environment,
/// file and help text are all read from it.
/// </summary>
public sealed record GatewayOptions
{
    public ListenOptions Listen { get; init; } = new();

    public FleetOptions Fleet { get; init; } = new();

    public SecurityOptions Security { get; init; } = new();

    /// <summary>Clients with keys and limits of their own, beside the one of <see cref="SecurityOptions.ApiKey"/>.</summary>
    public EquatableArray<TenantOptions> Tenants { get; init; }

    public LimitOptions Limits { get; init; } = new();

    public TimeoutOptions Timeouts { get; init; } = new();

    public RetryOptions Retry { get; init; } = new();

    public HealthSettings Health { get; init; } = HealthSettings.Default;

    public BreakerSettings Breaker { get; init; } = BreakerSettings.Default;

    public LogOptions Log { get; init; } = new();

    /// <summary>
    /// Headers from which a client's own request id is taken, in this order; <c>x-request-id</c> when empty.
    /// </summary>
    public EquatableArray<string> RequestIdHeaders { get; init; }

    /// <summary>HOCON file that overrides the embedded actor-system configuration; null uses the embedded one alone.</summary>
    public string? ActorConfigFile { get; init; }
}

/// <summary>Where the gateway listens.</summary>
public sealed record ListenOptions
{
    /// <summary>An IP address, IPv6 in brackets, or <c>localhost</c>.</summary>
    public string Host { get; init; } = "0.0.0.0";

    /// <summary>0 lets the system choose a free port.</summary>
    public int Port { get; init; } = 30000;
}

/// <summary>The workers and how they are chosen.</summary>
public sealed record FleetOptions
{
    public EquatableArray<WorkerUrl> WorkerUrls { get; init; }

    /// <summary>Workers that the configuration file describes in full; on a URL that is in both lists, this one holds.</summary>
    public EquatableArray<WorkerSpec> Workers { get; init; }

    /// <summary>YAML or JSON list of workers; watched, and reconciled when it changes.</summary>
    public string? WorkersFile { get; init; }

    /// <summary>How often the workers' file is looked at.</summary>
    public TimeSpan WorkersFileInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Routing policy, by its name in <see cref="PolicyCatalog"/>.</summary>
    public string Policy { get; init; } = PolicyCatalog.Default;

    /// <summary>How long a draining worker stays listed while requests run on it. They end by themselves, before or after.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Probes under way at once, over all workers.</summary>
    public int MaxConcurrentProbes { get; init; } = 128;

    /// <summary>Simulated engines to start inside the gateway's process, for trying it out. No model runs in them.</summary>
    public int SimulatedWorkers { get; init; }
}

/// <summary>Who may do what.</summary>
public sealed record SecurityOptions
{
    /// <summary>Key that clients of the OpenAI API must send; null lets everyone in.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>Key for the control plane; null lets in whoever connects from this machine, and nobody else.</summary>
    public Secret? ControlPlaneApiKey { get; init; }

    /// <summary>Opens the control plane to other machines although it has no key.</summary>
    public bool OpenControlPlane { get; init; }

    /// <summary>Takes the control plane's endpoints away altogether.</summary>
    public bool DisableControlPlane { get; init; }
}

/// <summary>What a client may ask of the gateway at most.</summary>
public sealed record LimitOptions
{
    /// <summary>Bytes of a request's body.</summary>
    public long MaxPayloadSize { get; init; } = 512L * 1024 * 1024;

    /// <summary>Bytes of a request's headers together.</summary>
    public int MaxHeaderSize { get; init; } = 32 * 1024;

    /// <summary>Requests on their way to workers at once; the next waits in the queue. 0 or less sets no limit.</summary>
    public int MaxConcurrentRequests { get; init; } = 16384;

    /// <summary>The same for each model. Where its workers tell how many they run at once, their sum holds if it is less. 0 sets no other limit.</summary>
    public int MaxConcurrentRequestsPerModel { get; init; }

    /// <summary>Requests that may wait, over all models and tenants; what does not fit is refused with 429.</summary>
    public int QueueSize { get; init; } = 100;

    /// <summary>How long a request may wait before it is refused with 429.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Who has waited so long is served before higher priorities, with every fourth place.</summary>
    public TimeSpan QueuePromotion { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The highest priority that a client may ask for whose tenant has none of its own.</summary>
    public RequestPriority MaxPriority { get; init; } = RequestPriority.Default;
}

/// <summary>How long the gateway waits. Those that speak of silence start again with every byte.</summary>
public sealed record TimeoutOptions
{
    /// <summary>For a TCP (and TLS) connection to a worker.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the end of the request to the first byte of the worker's answer. A worker that does not stream sends it last.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(1800);

    /// <summary>Silence between two pieces of a worker's answer.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>For a whole request with all its attempts.</summary>
    public TimeSpan Request { get; init; } = TimeSpan.FromSeconds(1800);

    /// <summary>How long running requests may go on after the gateway was told to stop.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(180);
}

/// <summary>What happens when an attempt fails before its first byte.</summary>
public sealed record RetryOptions
{
    /// <summary>Attempts in all, the first included; 1 to <see cref="TriedWorkers.Capacity"/>.</summary>
    public int MaxAttempts { get; init; } = 5;

    public bool Disabled { get; init; }
}

/// <summary>What the gateway writes about itself.</summary>
public sealed record LogOptions
{
    /// <summary>debug, info, warn or error.</summary>
    public string Level { get; init; } = "info";

    /// <summary>One JSON object a line instead of text.</summary>
    public bool Json { get; init; }
}
