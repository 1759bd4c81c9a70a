using System.Collections.Frozen;
using Gateway.Actors.Routing;
using static Gateway.Host.Configuration.OptionDefinition;
using static Gateway.Host.Configuration.OptionGroup;
using static Gateway.Host.Configuration.ValueFormats;

namespace Gateway.Host.Configuration;

/// <summary>
/// Every option there is, once. Command line, environment, file, help text and checks are all made from this table;
/// its defaults are those of <see cref="GatewayOptions"/>.
/// </summary>
internal static class OptionCatalog
{
    /// <summary>A day: longer waits are mistakes.</summary>
    private const double Day = 86_400;

    /// <summary>Kestrel and engines hold a body in memory; more than 16 GiB is a mistake.</summary>
    private static readonly long LargestPayload = Array.MaxLength;

    /// <summary>Caches live in this process: 1 TiB is a mistake.</summary>
    private const long LargestTokenCache = 1L << 40;

    public static IReadOnlyList<OptionDefinition> All { get; } =
    [
        List(Workers, "worker-urls", WorkerUrl, o => o.Fleet.WorkerUrls, (o, v) => o with { Fleet = o.Fleet with { WorkerUrls = v } },
            "Workers to send requests to: http://, https://, grpc:// or grpcs://; without a scheme both are tried."),
        new OptionDefinition
        {
            Name = "prefill",
            Group = Workers,
            Hint = "URL [PORT]...",
            Help = "Workers for the first half of generations, each with the port of its bootstrap server.",
            IsList = true,
            Show = static o => string.Join(' ', o.Fleet.PrefillWorkers),
            Apply = static (o, words) => o with { Fleet = o.Fleet with { PrefillWorkers = PrefillAddress.ReadList(words) } },
        },
        List(Workers, "decode", WorkerUrl, o => o.Fleet.DecodeWorkers, (o, v) => o with { Fleet = o.Fleet with { DecodeWorkers = v } },
            "Workers for the second half of generations."),
        Single(Workers, "workers-file", FilePath, o => o.Fleet.WorkersFile, (o, v) => o with { Fleet = o.Fleet with { WorkersFile = v } },
            "YAML or JSON list of workers; watched, and followed when it changes."),
        Single(Workers, "workers-file-interval-secs", Seconds(0.1, 3600), o => o.Fleet.WorkersFileInterval, (o, v) => o with { Fleet = o.Fleet with { WorkersFileInterval = v } },
            "How often the workers file is looked at."),
        Single(Workers, "service-discovery", Switch, o => o.Pods.IsEnabled, (o, v) => o with { Pods = o.Pods with { IsEnabled = v } },
            "Takes pods of the Kubernetes cluster for workers: those that a selector names."),
        List(Workers, "selector", Selector, o => o.Pods.Selector, (o, v) => o with { Pods = o.Pods with { Selector = v } },
            "Labels of pods that do whole generations."),
        List(Workers, "prefill-selector", Selector, o => o.Pods.PrefillSelector, (o, v) => o with { Pods = o.Pods with { PrefillSelector = v } },
            "Labels of pods that do the first half of generations."),
        List(Workers, "decode-selector", Selector, o => o.Pods.DecodeSelector, (o, v) => o with { Pods = o.Pods with { DecodeSelector = v } },
            "Labels of pods that do the second half of generations."),
        Single(Workers, "service-discovery-namespace", OptionalText("NAME"), o => o.Pods.Namespace, (o, v) => o with { Pods = o.Pods with { Namespace = v } },
            "Namespace to look for pods in; without it, all of them."),
        Single(Workers, "service-discovery-port", Integer(1, 65535), o => o.Pods.Port, (o, v) => o with { Pods = o.Pods with { Port = v } },
            "The engine's port in pods that name none in the annotation smg.ai/worker-ports."),
        Single(Workers, "model-id-from", ModelIdFrom, o => o.Pods.ModelIdFrom, (o, v) => o with { Pods = o.Pods with { ModelIdFrom = v } },
            "Where pods name their model: namespace, label:KEY or annotation:KEY; otherwise engines are asked."),
        Single(Workers, "service-discovery-interval-secs", Seconds(1, 3600), o => o.Pods.Interval, (o, v) => o with { Pods = o.Pods with { Interval = v } },
            "Time between two lists of pods; in between, changes are watched."),
        Single(Workers, "service-discovery-kubeconfig", FilePath, o => o.Pods.Kubeconfig, (o, v) => o with { Pods = o.Pods with { Kubeconfig = v } },
            "How to reach the cluster from outside; without it, the pod's service account is used."),
        List(Workers, "dns-workers", WorkerName, o => o.Dns.Workers, (o, v) => o with { Dns = o.Dns with { Workers = v } },
            "DNS names whose addresses are workers: dns://HOST:PORT, or dns+srv://_SERVICE._tcp.HOST for SRV records."),
        new OptionDefinition
        {
            Name = "dns-prefill",
            Group = Workers,
            Hint = "NAME [PORT]...",
            Help = "The same for the first half of generations, each with the port of the bootstrap servers.",
            IsList = true,
            Show = static o => DnsOptions.ShowPrefill(o.Dns.Prefill),
            Apply = static (o, words) => o with { Dns = o.Dns with { Prefill = DnsOptions.ReadPrefill(words) } },
        },
        List(Workers, "dns-decode", WorkerName, o => o.Dns.Decode, (o, v) => o with { Dns = o.Dns with { Decode = v } },
            "The same for the second half of generations."),
        Single(Workers, "dns-interval-secs", Seconds(2, 3600), o => o.Dns.Interval, (o, v) => o with { Dns = o.Dns with { Interval = v } },
            "Longest time between two questions about a name; answers with a shorter time to live are asked for sooner."),
        List(Workers, "dns-servers", DnsServer, o => o.Dns.Servers, (o, v) => o with { Dns = o.Dns with { Servers = v } },
            "DNS servers to ask instead of the machine's; names are then asked for as they are, in no other domain."),
        Single(Workers, "dp-aware", Switch, o => o.Fleet.DataParallelAware, (o, v) => o with { Fleet = o.Fleet with { DataParallelAware = v } },
            "Chooses among the data-parallel ranks of an engine as among workers, instead of leaving that to the engine."),
        Single(Workers, "drain-timeout-secs", Seconds(0, Day), o => o.Fleet.DrainTimeout, (o, v) => o with { Fleet = o.Fleet with { DrainTimeout = v } },
            "How long a worker that is being removed stays listed for its running requests, which end by themselves."),
        Single(Workers, "simulate", Integer(0, 1000), o => o.Fleet.SimulatedWorkers, (o, v) => o with { Fleet = o.Fleet with { SimulatedWorkers = v } },
            "Simulated engines to start inside the gateway, for trying it out. No model runs in them."),

        .. RoutingFlags.All,

        Single(OptionGroup.Text, "tokenizer-path", FilePath, o => o.Text.TokenizerPath, (o, v) => o with { Text = o.Text with { TokenizerPath = v } },
            "tokenizer.json, or a folder that has it, for models on gRPC workers that have none of their own; without it the workers are asked for theirs."),
        Single(OptionGroup.Text, "chat-template", FilePath, o => o.Text.ChatTemplate, (o, v) => o with { Text = o.Text with { ChatTemplate = v } },
            "Jinja template that makes prompts of conversations for gRPC workers, instead of the one that is with the tokenizer."),
        Single(OptionGroup.Text, "reasoning-parser", ReasoningParser, o => o.Text.ReasoningParser, (o, v) => o with { Text = o.Text with { ReasoningParser = v } },
            "How models on gRPC workers mark their thinking; by default what the model's name tells."),
        Single(OptionGroup.Text, "tool-call-parser", ToolCallParser, o => o.Text.ToolCallParser, (o, v) => o with { Text = o.Text with { ToolCallParser = v } },
            "How models on gRPC workers write tool calls; by default what the model's name tells."),
        Single(OptionGroup.Text, "disable-tokenizer-autoload", Switch, o => o.Text.DisableFetching, (o, v) => o with { Text = o.Text with { DisableFetching = v } },
            "Asks no gRPC worker for its model's tokenizer: only those are used that are configured or registered."),
        Single(OptionGroup.Text, "tokenizer-download-dir", FilePath, o => o.Text.DownloadFolder, (o, v) => o with { Text = o.Text with { DownloadFolder = v } },
            "Folder for the tokenizers that workers give; by default one in the user's cache, or a temporary one."),
        Single(OptionGroup.Text, "tokenizer-cache-l0-max-memory", Bytes(0, LargestTokenCache), o => o.Text.PromptCacheBytes, (o, v) => o with { Text = o.Text with { PromptCacheBytes = v } },
            "Memory for whole prompts and their tokens, all models together; 0 keeps none."),
        Single(OptionGroup.Text, "tokenizer-cache-l1-max-memory", Bytes(0, LargestTokenCache), o => o.Text.SegmentCacheBytes, (o, v) => o with { Text = o.Text with { SegmentCacheBytes = v } },
            "Memory for what stands between special tokens in prompts, such as system prompts, and its tokens; 0 keeps none."),

        Single(Listening, "host", ListenAddress, o => o.Listen.Host, (o, v) => o with { Listen = o.Listen with { Host = v } },
            "IP address to listen on, or localhost."),
        Single(Listening, "port", Integer(0, 65535), o => o.Listen.Port, (o, v) => o with { Listen = o.Listen with { Port = v } },
            "TCP port to listen on; 0 takes any free one."),

        .. TlsFlags.All,

        .. KeyFlags.All,

        Single(Limits, "max-concurrent-requests", Integer(-1, int.MaxValue), o => o.Limits.MaxConcurrentRequests, (o, v) => o with { Limits = o.Limits with { MaxConcurrentRequests = v } },
            "Requests on their way to workers at once, the next one waits; what all workers say they run at once holds if it is less, 0 or -1 leaves it to them."),
        Single(Limits, "max-concurrent-requests-per-model", Integer(0, int.MaxValue), o => o.Limits.MaxConcurrentRequestsPerModel, (o, v) => o with { Limits = o.Limits with { MaxConcurrentRequestsPerModel = v } },
            "The same for each model and its workers; 0 leaves it to them."),
        Single(Limits, "ignore-worker-capacity", Switch, o => o.Limits.IgnoreWorkerCapacity, (o, v) => o with { Limits = o.Limits with { IgnoreWorkerCapacity = v } },
            "What workers say they run at once is no limit: more requests than that wait in the engines."),
        Single(Limits, "queue-size", Integer(0, 1_000_000), o => o.Limits.QueueSize, (o, v) => o with { Limits = o.Limits with { QueueSize = v } },
            "Requests that may wait; what does not fit gets 429."),
        Single(Limits, "queue-timeout-secs", Seconds(0.001, Day), o => o.Limits.QueueTimeout, (o, v) => o with { Limits = o.Limits with { QueueTimeout = v } },
            "How long a request may wait before it gets 429."),
        Single(Limits, "queue-promotion-secs", Seconds(0, Day), o => o.Limits.QueuePromotion, (o, v) => o with { Limits = o.Limits with { QueuePromotion = v } },
            "Who has waited so long gets every fourth place before higher priorities."),
        Single(Limits, "max-priority", Priority, o => o.Limits.MaxPriority, (o, v) => o with { Limits = o.Limits with { MaxPriority = v } },
            "Highest priority a client may ask for (X-Priority): bulk, default, interactive or system; a tenant may have its own."),
        Single(Limits, "max-payload-size", Bytes(1, LargestPayload), o => o.Limits.MaxPayloadSize, (o, v) => o with { Limits = o.Limits with { MaxPayloadSize = v } },
            "Largest request body."),
        Single(Limits, "max-header-size", Integer(1024, 16 * 1024 * 1024), o => o.Limits.MaxHeaderSize, (o, v) => o with { Limits = o.Limits with { MaxHeaderSize = v } },
            "Most bytes of a request's headers together."),

        Single(Timeouts, "request-timeout-secs", Seconds(0.001, Day), o => o.Timeouts.Request, (o, v) => o with { Timeouts = o.Timeouts with { Request = v } },
            "For a whole request with all its attempts."),
        Single(Timeouts, "connect-timeout-secs", Seconds(0.001, 3600), o => o.Timeouts.Connect, (o, v) => o with { Timeouts = o.Timeouts with { Connect = v } },
            "For a connection to a worker."),
        Single(Timeouts, "first-byte-timeout-secs", Seconds(0.001, Day), o => o.Timeouts.FirstByte, (o, v) => o with { Timeouts = o.Timeouts with { FirstByte = v } },
            "From the end of a request to the first byte of the worker's answer."),
        Single(Timeouts, "idle-timeout-secs", Seconds(0.001, Day), o => o.Timeouts.Idle, (o, v) => o with { Timeouts = o.Timeouts with { Idle = v } },
            "Silence between two pieces of a worker's answer."),
        Single(Timeouts, "shutdown-delay-secs", Seconds(0, 3600), o => o.Timeouts.ShutdownDelay, (o, v) => o with { Timeouts = o.Timeouts with { ShutdownDelay = v } },
            "How long the gateway goes on taking requests after it was told to stop, its readiness saying no: as long as load balancers take to notice."),
        Single(Timeouts, "shutdown-grace-period-secs", Seconds(0, Day), o => o.Timeouts.ShutdownGrace, (o, v) => o with { Timeouts = o.Timeouts with { ShutdownGrace = v } },
            "How long running requests may go on after the gateway was told to stop."),

        Single(Retries, "retry-max-retries", Integer(1, TriedWorkers.Capacity), o => o.Retry.MaxAttempts, (o, v) => o with { Retry = o.Retry with { MaxAttempts = v } },
            "Attempts in all, the first one included."),
        Single(Retries, "disable-retries", Switch, o => o.Retry.Disabled, (o, v) => o with { Retry = o.Retry with { Disabled = v } },
            "One attempt only."),
        List(Retries, "retryable-status-codes", Integer(400, 599), o => o.Retry.StatusCodes, (o, v) => o with { Retry = o.Retry with { StatusCodes = v } },
            "Statuses of a worker's answer after which a request is tried again."),
        Single(Retries, "retry-initial-backoff-ms", Milliseconds(0, Day * 1000), o => o.Retry.InitialBackoff, (o, v) => o with { Retry = o.Retry with { InitialBackoff = v } },
            "Longest first wait, when every worker has been asked once."),
        Single(Retries, "retry-max-backoff-ms", Milliseconds(0, Day * 1000), o => o.Retry.MaxBackoff, (o, v) => o with { Retry = o.Retry with { MaxBackoff = v } },
            "Longest wait of all; a worker that asks for more has its answer passed on at once."),
        Single(Retries, "retry-backoff-multiplier", Number(1, 100), o => o.Retry.BackoffMultiplier, (o, v) => o with { Retry = o.Retry with { BackoffMultiplier = v } },
            "How much longer each further wait may be."),
        Single(Retries, "retry-jitter-factor", Ratio, o => o.Retry.JitterFactor, (o, v) => o with { Retry = o.Retry with { JitterFactor = v } },
            "How much of a wait is random: 1 takes anything from 0 to the whole, 0 always the whole."),
        Single(Retries, "retry-budget-ratio", Ratio, o => o.Retry.BudgetRatio, (o, v) => o with { Retry = o.Retry with { BudgetRatio = v } },
            "Most retries of all requests together, as a share of the requests of the last 10 seconds."),
        Single(Retries, "retry-budget-min-per-sec", Number(0, 1_000_000), o => o.Retry.BudgetMinPerSecond, (o, v) => o with { Retry = o.Retry with { BudgetMinPerSecond = v } },
            "Retries a second that are allowed in any case."),
        Single(Retries, "hedge-after-ms", Milliseconds(0, Day * 1000), o => o.Retry.HedgeAfter, (o, v) => o with { Retry = o.Retry with { HedgeAfter = v } },
            "A request that does not stream and has no answer by then is sent to a second worker as well, within the budget; 0 for never."),

        Single(CircuitBreaker, "cb-failure-threshold", Integer(1, 1_000_000), o => o.Breaker.FailureThreshold, (o, v) => o with { Breaker = o.Breaker with { FailureThreshold = v } },
            "Failures in a row, or within the window, that take a worker out."),
        Single(CircuitBreaker, "cb-failure-rate", Ratio, o => o.Breaker.FailureRate, (o, v) => o with { Breaker = o.Breaker with { FailureRate = v } },
            "Share of failures within the window above which a worker is taken out."),
        Single(CircuitBreaker, "cb-success-threshold", Integer(1, 1_000_000), o => o.Breaker.SuccessThreshold, (o, v) => o with { Breaker = o.Breaker with { SuccessThreshold = v } },
            "Successful trials in a row that bring it back."),
        Single(CircuitBreaker, "cb-max-trials", Integer(1, 1000), o => o.Breaker.MaxTrials, (o, v) => o with { Breaker = o.Breaker with { MaxTrials = v } },
            "Trials at once."),
        Single(CircuitBreaker, "cb-timeout-duration-secs", Seconds(0.1, Day), o => o.Breaker.OpenDuration, (o, v) => o with { Breaker = o.Breaker with { OpenDuration = v } },
            "How long it stays out before it is tried again."),
        Single(CircuitBreaker, "cb-window-duration-secs", Seconds(1, Day), o => o.Breaker.Window, (o, v) => o with { Breaker = o.Breaker with { Window = v } },
            "Length of the window."),
        Single(CircuitBreaker, "slow-start-secs", Seconds(0, Day), o => o.Breaker.SlowStart, (o, v) => o with { Breaker = o.Breaker with { SlowStart = v } },
            "How long a worker that comes, or comes back, gets a smaller but growing share of requests."),
        Single(CircuitBreaker, "panic-threshold", Ratio, o => o.Fleet.PanicThreshold, (o, v) => o with { Fleet = o.Fleet with { PanicThreshold = v } },
            "Share of a model's workers that must be left by their breakers, else the breakers are ignored; 0 for never."),
        Single(CircuitBreaker, "disable-circuit-breaker", Switch, o => o.Breaker.Disabled, (o, v) => o with { Breaker = o.Breaker with { Disabled = v } },
            "Failures of requests take no worker out."),

        Single(HealthChecks, "health-check-interval-secs", Seconds(0.1, Day), o => o.Health.Interval, (o, v) => o with { Health = o.Health with { Interval = v } },
            "Time between two probes of a healthy worker."),
        Single(HealthChecks, "health-check-timeout-secs", Seconds(0.01, 3600), o => o.Health.Timeout, (o, v) => o with { Health = o.Health with { Timeout = v } },
            "How long a probe may take."),
        Single(HealthChecks, "health-check-endpoint", UrlPath, o => o.Health.Endpoint, (o, v) => o with { Health = o.Health with { Endpoint = v } },
            "What is asked of a worker that speaks HTTP."),
        Single(HealthChecks, "health-failure-threshold", Integer(1, 1000), o => o.Health.FailureThreshold, (o, v) => o with { Health = o.Health with { FailureThreshold = v } },
            "Failed probes in a row that take a worker out."),
        Single(HealthChecks, "health-success-threshold", Integer(1, 1000), o => o.Health.SuccessThreshold, (o, v) => o with { Health = o.Health with { SuccessThreshold = v } },
            "Successful probes in a row that bring it back."),
        Single(HealthChecks, "health-retry-backoff-secs", Seconds(0.01, 3600), o => o.Health.RetryBackoff, (o, v) => o with { Health = o.Health with { RetryBackoff = v } },
            "First delay before a lost worker is tried again, doubled each time."),
        Single(HealthChecks, "health-max-retry-backoff-secs", Seconds(0.01, Day), o => o.Health.MaxRetryBackoff, (o, v) => o with { Health = o.Health with { MaxRetryBackoff = v } },
            "Longest such delay; a lost worker is tried for ever."),
        Single(HealthChecks, "max-concurrent-probes", Integer(1, 100_000), o => o.Fleet.MaxConcurrentProbes, (o, v) => o with { Fleet = o.Fleet with { MaxConcurrentProbes = v } },
            "Probes under way at once, over all workers."),
        Single(HealthChecks, "disable-health-check", Switch, o => o.Health.Disabled, (o, v) => o with { Health = o.Health with { Disabled = v } },
            "A worker that has connected is taken for healthy."),

        .. ClusterFlags.All,

        .. MetricsFlags.All,

        .. TraceFlags.All,

        Single(Logging, "log-level", OneOf("LEVEL", "log level", "debug", "info", "warn", "error"), o => o.Log.Level, (o, v) => o with { Log = o.Log with { Level = v } },
            "debug, info, warn or error."),
        Single(Logging, "log-json", Switch, o => o.Log.Json, (o, v) => o with { Log = o.Log with { Json = v } },
            "One JSON object a line."),
        List(Logging, "request-id-headers", ValueFormats.Text("NAME"), o => o.RequestIdHeaders, (o, v) => o with { RequestIdHeaders = v },
            "Headers that may carry a client's own request id, the first one present wins; x-request-id if none is named."),

        Single(Advanced, "actor-config", FilePath, o => o.ActorConfigFile, (o, v) => o with { ActorConfigFile = v },
            "HOCON file that overrides the built-in configuration of the actor system."),
    ];

    private static readonly FrozenDictionary<string, OptionDefinition> ByName =
        All.ToFrozenDictionary(static option => option.Name, StringComparer.Ordinal);

    /// <param name="name">Without dashes in front.</param>
    public static OptionDefinition? Find(string name) => ByName.GetValueOrDefault(name);
}
