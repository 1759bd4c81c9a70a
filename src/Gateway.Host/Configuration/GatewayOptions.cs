using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;

namespace Gateway.Host.Configuration;

/// <summary>
/// Everything an operator can set, validated once at start and immutable from then on. The initial values here, in
/// <see cref="HealthSettings"/>, in <see cref="BreakerSettings"/> and in <see cref="RoutingSettings"/> are the gateway's only table of defaults: flags, environment,
/// file and help text are all read from it.
/// </summary>
public sealed record GatewayOptions
{
    public ListenOptions Listen { get; init; } = new();

    public FleetOptions Fleet { get; init; } = new();

    public PodOptions Pods { get; init; } = new();

    public DnsOptions Dns { get; init; } = new();

    public SecurityOptions Security { get; init; } = new();

    /// <summary>Clients with keys and limits of their own, beside the one of <see cref="SecurityOptions.ApiKey"/>.</summary>
    public EquatableArray<TenantOptions> Tenants { get; init; }

    /// <summary>What single models have of their own.</summary>
    public EquatableArray<ModelOptions> Models { get; init; }

    public TextOptions Text { get; init; } = new();

    public LimitOptions Limits { get; init; } = new();

    public TimeoutOptions Timeouts { get; init; } = new();

    public RetryOptions Retry { get; init; } = new();

    public HealthSettings Health { get; init; } = HealthSettings.Default;

    public BreakerSettings Breaker { get; init; } = BreakerSettings.Default;

    public RoutingSettings Routing { get; init; } = RoutingSettings.Default;

    public ClusterOptions Cluster { get; init; } = new();

    /// <summary>Where registrations are kept over a restart; null is a folder of this port's own, see <see cref="Composition.StateFolders"/>.</summary>
    public string? StateFolder { get; init; }

    /// <summary>Registrations end with the process.</summary>
    public bool ForgetsRegistrations { get; init; }

    public MetricsOptions Metrics { get; init; } = new();

    public TraceOptions Traces { get; init; } = new();

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

    public TlsOptions Tls { get; init; } = new();
}

/// <summary>The workers and how they are chosen.</summary>
public sealed record FleetOptions
{
    public EquatableArray<WorkerUrl> WorkerUrls { get; init; }

    /// <summary>Workers that do the first half of generations.</summary>
    public EquatableArray<PrefillAddress> PrefillWorkers { get; init; }

    /// <summary>Workers that do the second half of generations.</summary>
    public EquatableArray<WorkerUrl> DecodeWorkers { get; init; }

    /// <summary>Workers that the configuration file describes in full; on a URL that is in both lists, this one holds.</summary>
    public EquatableArray<WorkerSpec> Workers { get; init; }

    /// <summary>YAML or JSON list of workers; watched, and reconciled when it changes.</summary>
    public string? WorkersFile { get; init; }

    /// <summary>How often the workers' file is looked at.</summary>
    public TimeSpan WorkersFileInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Routing policy, by its name in <see cref="PolicyCatalog"/>.</summary>
    public string Policy { get; init; } = PolicyCatalog.Default;

    /// <summary>For prefill workers; null is <see cref="Policy"/>.</summary>
    public string? PrefillPolicy { get; init; }

    /// <summary>For decode workers; null is <see cref="Policy"/>.</summary>
    public string? DecodePolicy { get; init; }

    /// <summary>For single models; a model named twice has the first of them. It goes before <see cref="ModelOptions.Policy"/>.</summary>
    public EquatableArray<ModelPolicyName> ModelPolicies { get; init; }

    /// <summary>Share of a model's workers, 0 to 1, under which their breakers are ignored, see <see cref="PanicMode"/>; 0 for never.</summary>
    public double PanicThreshold { get; init; }

    /// <summary>Serves workers whose engines have several data-parallel ranks by these ranks, each as a worker of its own.</summary>
    public bool DataParallelAware { get; init; }

    /// <summary>How long a draining worker stays listed while requests run on it. They end by themselves, before or after.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Probes under way at once, over all workers.</summary>
    public int MaxConcurrentProbes { get; init; } = 128;

    public WorkerTlsOptions Tls { get; init; } = new();

    /// <summary>Simulated engines to start inside the gateway's process, for trying it out. No model runs in them.</summary>
    public int SimulatedWorkers { get; init; }

    /// <summary>True if the configuration says where workers are, or where to read it.</summary>
    public bool NamesWorkers => !WorkerUrls.IsEmpty || !PrefillWorkers.IsEmpty || !DecodeWorkers.IsEmpty || !Workers.IsEmpty || WorkersFile is not null;
}

/// <summary>Who may do what.</summary>
public sealed record SecurityOptions
{
    /// <summary>Key that clients of the OpenAI API must send, or its hash; without it and without other keys everyone is let in.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>
    /// Key for the control plane, or its hash. Without it, other keys with roles, and tokens, whoever connects from this machine is let in,
    /// and nobody else.
    /// </summary>
    public Secret? ControlPlaneApiKey { get; init; }

    /// <summary>Keys with roles that the configuration file lists.</summary>
    public EquatableArray<KeyOptions> Keys { get; init; }

    /// <summary>YAML or JSON list of more of them; watched, and followed when it changes.</summary>
    public string? KeysFile { get; init; }

    /// <summary>Tokens for the control plane.</summary>
    public JwtOptions Jwt { get; init; } = new();

    /// <summary>True if there are keys with roles, or may be at any time: a file of keys that is empty opens nothing.</summary>
    public bool ListsKeys => !Keys.IsEmpty || KeysFile is not null;

    /// <summary>True if the control plane is for whoever has a key or a token, wherever they are.</summary>
    public bool ControlPlaneAsks => ControlPlaneApiKey is not null || ListsKeys || Jwt.IsOn;

    /// <summary>Opens the control plane to other machines although it has no key.</summary>
    public bool OpenControlPlane { get; init; }

    /// <summary>Takes the control plane's endpoints away altogether.</summary>
    public bool DisableControlPlane { get; init; }

    /// <summary>Takes the web page away, and what is kept for it.</summary>
    public bool DisableDashboard { get; init; }

    /// <summary>True if there is a page to look at; its data are the control plane's.</summary>
    public bool HasDashboard => !DisableControlPlane && !DisableDashboard;

    /// <summary>The only places for workers that are registered over the API; empty for all but link-local and metadata addresses.</summary>
    public EquatableArray<AllowedNetwork> AllowedWorkerNetworks { get; init; }

    /// <summary>Origins of web pages that may read answers; <c>*</c> for all, empty for none.</summary>
    public EquatableArray<string> CorsAllowedOrigins { get; init; }

    /// <summary>Writes no line for changes by the control plane.</summary>
    public bool DisableAuditLog { get; init; }

    /// <summary>Lets clients ask, with <c>X-Route-Explain: 1</c>, which worker served them and how loaded the fleet is, and with <c>X-Server-Timing: 1</c> where the time went.</summary>
    public bool AllowRouteExplain { get; init; }
}

/// <summary>What a client may ask of the gateway at most.</summary>
public sealed record LimitOptions
{
    /// <summary>Bytes of a request's body.</summary>
    public long MaxPayloadSize { get; init; } = 512L * 1024 * 1024;

    /// <summary>Bytes of a request's headers together.</summary>
    public int MaxHeaderSize { get; init; } = 32 * 1024;

    /// <summary>
    /// Requests on their way to workers at once; the next waits in the queue. Where all workers tell how many they run at once, their sum
    /// holds if it is less. 0 or less sets no other limit.
    /// </summary>
    public int MaxConcurrentRequests { get; init; } = 16384;

    /// <summary>The same for each model and its workers. 0 sets no other limit.</summary>
    public int MaxConcurrentRequestsPerModel { get; init; }

    /// <summary>Takes what workers tell for no limit: more requests than they run at once then wait in the engines.</summary>
    public bool IgnoreWorkerCapacity { get; init; }

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

    /// <summary>How long new requests are still served after the readiness has turned.</summary>
    public TimeSpan ShutdownDelay { get; init; }
}

/// <summary>What happens when an attempt fails before its first byte.</summary>
public sealed record RetryOptions
{
    /// <summary>Attempts in all, the first included; 1 to <see cref="TriedWorkers.Capacity"/>.</summary>
    public int MaxAttempts { get; init; } = 5;

    public bool Disabled { get; init; }

    /// <summary>Statuses of an engine's answer after which the request is tried again.</summary>
    public EquatableArray<int> StatusCodes { get; init; } = [408, 429, 500, 502, 503, 504];

    /// <summary>Longest first wait; the next ones are <see cref="BackoffMultiplier"/> times as long each.</summary>
    public TimeSpan InitialBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest wait of all. A worker that asks for a longer one has its answer passed on to the client at once.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(30);

    public double BackoffMultiplier { get; init; } = 1.5;

    /// <summary>How much of a wait is random: 1 makes it anything from 0 to the whole, 0 always the whole.</summary>
    public double JitterFactor { get; init; } = 1;

    /// <summary>Most attempts after the first, of all requests together, as a share of the requests of the last 10 s.</summary>
    public double BudgetRatio { get; init; } = 0.2;

    /// <summary>What may be tried again in any case, in attempts a second.</summary>
    public double BudgetMinPerSecond { get; init; } = 10;

    /// <summary>
    /// After so long without an answer, a request that does not stream is sent to a second worker as well, and the first answer wins.
    /// Zero for never.
    /// </summary>
    public TimeSpan HedgeAfter { get; init; }

    /// <summary>These settings with what a model or a worker overrides.</summary>
    public RetryOptions With(RetryOverrides? overrides) => overrides is null
        ? this
        : this with
        {
            Disabled = overrides.Disabled ?? Disabled,
            MaxAttempts = overrides.MaxAttempts ?? MaxAttempts,
            InitialBackoff = overrides.InitialBackoff ?? InitialBackoff,
            MaxBackoff = overrides.MaxBackoff ?? MaxBackoff,
            BackoffMultiplier = overrides.BackoffMultiplier ?? BackoffMultiplier,
            JitterFactor = overrides.JitterFactor ?? JitterFactor,
            StatusCodes = overrides.StatusCodes ?? StatusCodes,
        };

    /// <summary>True if a request that has had so many attempts, the last of which ended in this status, is tried again.</summary>
    public bool Retries(int status, int attempts) => AllowsAfter(attempts) && StatusCodes.AsSpan().Contains(status);

    /// <summary>True if there may be one more attempt.</summary>
    public bool AllowsAfter(int attempts) => !Disabled && attempts < MaxAttempts;
}

/// <summary>What the gateway writes about itself.</summary>
public sealed record LogOptions
{
    /// <summary>debug, info, warn or error.</summary>
    public string Level { get; init; } = "info";

    /// <summary>One JSON object a line instead of text.</summary>
    public bool Json { get; init; }
}
