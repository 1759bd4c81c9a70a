using System.Collections.Frozen;
using Gateway.Simulator.Api;
using Gateway.Simulator.Canned;
using Gateway.Simulator.Disaggregation;
using Gateway.Simulator.Engine;
using Gateway.Simulator.Grpc;

namespace Gateway.Simulator.Hosting;

/// <summary>
/// A worker from its start to its crash or stop, as a process would be. A revived worker is a new one:
/// nothing of the old one's engine, cache or connections can reach it.
/// </summary>
internal sealed class WorkerLife : IRequestHandler, IDisposable
{
    private readonly SimulatedWorker _worker;
    private readonly long _born;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<CannedAnswers> _canned;
    private readonly Lazy<BootstrapClient> _bootstrapClient = new(static () => new BootstrapClient());

    public WorkerLife(SimulatedWorker worker)
    {
        _worker = worker;
        _born = worker.Options.TimeProvider.GetTimestamp();
        Endpoints = EndpointTable.For(worker.Options);
        _canned = new Lazy<CannedAnswers>(() => new CannedAnswers(worker.Options));
        // Over HTTP nobody asks for them.
        KvEvents = worker.Options.Protocol == SimulatorProtocol.Grpc
            ? new KvEventLog(worker.Options.TimeProvider, worker.Options.KvEventHistory)
            : null;
        Engines = new EngineGroup(worker.Options, worker.Stats, KvEvents);
        Rooms = new BootstrapRooms(worker.Options);
        Bootstrap = new BootstrapServer(this);
    }

    public EngineGroup Engines { get; }

    /// <summary>What has happened in the prefix caches; of a gRPC worker.</summary>
    public KvEventLog? KvEvents { get; }

    /// <summary>Of a prefill worker; empty in the other roles.</summary>
    public BootstrapRooms Rooms { get; }

    /// <summary>What a prefill worker answers at its second port.</summary>
    public BootstrapServer Bootstrap { get; }

    /// <summary>With which a decode worker asks for its rooms; made when first needed.</summary>
    public BootstrapClient BootstrapClient => _bootstrapClient.Value;

    public FrozenDictionary<string, ApiEndpoint> Endpoints { get; }

    /// <summary>The bytes of the canned answers; rendered when first asked for.</summary>
    public CannedAnswers Canned => _canned.Value;

    public SimulatorOptions Options => _worker.Options;

    public SimulatorStats Stats => _worker.Stats;

    public SimulatorFaults Faults => _worker.Faults;

    /// <summary>Cancelled when it begins to stop, for calls that would go on for ever.</summary>
    public CancellationToken Stopping => _stopping.Token;

    public ConnectionSet Connections { get; } = new();

    /// <summary>Its name among vLLM's connectors; a new one in each life.</summary>
    public string KvEngineId { get; } = Guid.NewGuid().ToString("n");

    /// <inheritdoc cref="SimulatedWorker.BootstrapPort"/>
    public int? BootstrapPort => _worker.BootstrapPort;

    public TimeSpan Uptime => Options.TimeProvider.GetElapsedTime(_born);

    public bool IsLoading => LoadingLeft is not null;

    /// <summary>Time until the model is loaded; null once it is.</summary>
    public TimeSpan? LoadingLeft
    {
        get
        {
            if (Options.LoadingTime <= TimeSpan.Zero)
                return null;
            var left = Options.LoadingTime - Uptime;
            return left > TimeSpan.Zero ? left : null;
        }
    }

    public bool Refuses => _worker.Refuses;

    public Task HandleAsync(HttpContext context) => Options.Protocol == SimulatorProtocol.Grpc
        ? GrpcPipeline.HandleAsync(new Exchange(this, context))
        : RequestPipeline.HandleAsync(new Exchange(this, context));

    /// <summary>By which a decode worker asks for what one of its data-parallel ranks has.</summary>
    public string KvEngineNameOf(int rank) =>
        Options is { DataParallelSize: > 1, KvConnector: SimulatedKvConnector.Mooncake } ? $"{KvEngineId}_dp{rank}" : KvEngineId;

    public void Report(HttpRequest request) => _worker.Report(request);

    public void ReportSubmission(string id) => _worker.ReportSubmission(id);

    public void BeginStop() => _stopping.Cancel();

    /// <summary>Dies as a killed process would.</summary>
    public Task CrashAsync(TimeSpan? downtime) => _worker.CrashAsync(downtime);

    public void Dispose()
    {
        Engines.Dispose();
        Connections.ResetAll();
        if (_bootstrapClient.IsValueCreated)
            _bootstrapClient.Value.Dispose();
    }
}
