using System.Net;
using System.Net.Sockets;
using Gateway.Simulator.Hosting;

namespace Gateway.Simulator;

/// <summary>
/// An inference worker without a model, on a port of its own in this process. It speaks what a real one speaks over HTTP
/// or gRPC, takes about the time that one would, and breaks when told to.
/// </summary>
public sealed class SimulatedWorker : IAsyncDisposable
{
    // How often a graceful stop looks whether the last connection has ended.
    private static readonly TimeSpan _stopPolling = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly WorkerServer _server;
    private readonly bool _ownsServer;
    private readonly PortListener _port;
    private readonly PortListener? _bootstrapPort;
    private WorkerLife? _life;
    private ITimer? _return;
    private bool _refuses;
    private bool _disposed;

    private SimulatedWorker(SimulatorOptions options, WorkerServer server, bool ownsServer)
    {
        Options = options;
        _server = server;
        _ownsServer = ownsServer;
        Stats = new SimulatorStats(options.DataParallelSize);
        Faults = new SimulatorFaults(options.Seed, options.Faults);
        var host = IPAddress.Parse(options.Host);
        _port = new PortListener(new IPEndPoint(host, options.Port), socket => Accept(socket, static life => life, options.Protocol));
        if (options.Role == SimulatorRole.Prefill)
            _bootstrapPort = BindOrFree(new IPEndPoint(host, options.BootstrapPort));
        Url = new Uri($"http://{_port.EndPoint}");
        Faults.Changed += ApplyFaults;
    }

    public SimulatorOptions Options { get; }

    /// <summary>Where it listens, with the port that it got.</summary>
    public Uri Url { get; }

    /// <summary>The same as a gRPC address, as gateways take it; null if it speaks HTTP.</summary>
    public Uri? GrpcUrl => Options.Protocol == SimulatorProtocol.Grpc ? new Uri($"grpc://{_port.EndPoint}") : null;

    public int Port => _port.EndPoint.Port;

    /// <summary>Where decode workers ask a prefill worker for its rooms, with the port that it got; null in other roles.</summary>
    public int? BootstrapPort => _bootstrapPort?.EndPoint.Port;

    public string Name => Options.Name;

    public SimulatorStats Stats { get; }

    public SimulatorFaults Faults { get; }

    /// <summary>
    /// Told of each request that reaches it, before anything is done with it, for tests that want to know where a request has been.
    /// On the thread that serves the request: to be quick.
    /// </summary>
    public event Action<ReceivedRequest>? Received;

    /// <summary>Told of the id of each generation that its engine has taken in, under which it can be aborted. To be quick, as <see cref="Received"/>.</summary>
    public event Action<string>? Submitted;

    /// <summary>False after a crash or stop, until it is revived.</summary>
    public bool IsRunning => Volatile.Read(ref _life) is not null;

    /// <summary>True while a fault makes it refuse connections.</summary>
    internal bool Refuses => Volatile.Read(ref _refuses);

    /// <summary>Starts a worker with an HTTP server of its own; for many workers, <see cref="SimulatedFleet"/> is cheaper.</summary>
    public static async Task<SimulatedWorker> StartAsync(SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var server = await WorkerServer.StartAsync(cancellationToken);
        try
        {
            return Start(options ?? new SimulatorOptions(), server, ownsServer: true);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Dies as a killed process would: stops listening, resets all connections, loses all running work and the prefix cache.
    /// The port stays reserved and refuses connections.
    /// </summary>
    public Task CrashAsync() => CrashAsync(downtime: null);

    /// <summary>Crashes and, if a time is given, comes back by itself after it.</summary>
    public Task CrashAsync(TimeSpan? downtime)
    {
        WorkerLife? life;
        lock (_lock)
        {
            (life, _life) = (_life, null);
            Refuse();
            if (downtime is { } pause && !_disposed)
                ReturnAfter(pause, () => TryRevive());
        }

        life?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Starts again on the same port with an empty cache. Does nothing if it runs.</summary>
    public Task ReviveAsync()
    {
        ObjectDisposedException.ThrowIf(!TryRevive(), this);
        return Task.CompletedTask;
    }

    /// <summary>Stops listening, lets the requests end until the token is cancelled, then ends what is left.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        // The bootstrap port stays: what still runs must be handed over.
        _port.Refuse();
        Volatile.Read(ref _life)?.BeginStop();
        while (Volatile.Read(ref _life) is { } life && !cancellationToken.IsCancellationRequested)
        {
            // Each time anew: the HTTP server knows a connection only some time after it was accepted.
            life.Connections.CloseWhenIdle();
            if (life.Connections.Count == 0)
                break;
            await Task.Delay(_stopPolling, CancellationToken.None);
        }

        await CrashAsync();
    }

    /// <summary>Ends it at once, running requests included.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            _disposed = true;
            _return?.Dispose();
        }

        _port.Dispose();
        _bootstrapPort?.Dispose();
        await CrashAsync();
        if (_ownsServer)
            await _server.DisposeAsync();
    }

    internal static SimulatedWorker Start(SimulatorOptions options, WorkerServer server, bool ownsServer)
    {
        options.Validate();
        var worker = new SimulatedWorker(options, server, ownsServer);
        worker.TryRevive();
        return worker;
    }

    /// <summary>The second port; if it can't be had, the first is given back.</summary>
    private PortListener BindOrFree(IPEndPoint endpoint)
    {
        try
        {
            return new PortListener(endpoint, socket => Accept(socket, static life => life.Bootstrap, SimulatorProtocol.Http));
        }
        catch
        {
            _port.Dispose();
            throw;
        }
    }

    /// <summary>Tells those who want to know of a request.</summary>
    internal void Report(HttpRequest request) =>
        Received?.Invoke(new ReceivedRequest(this, request.Path.Value ?? "/", request.Headers["x-request-id"], request.Headers.Authorization));

    /// <summary>Tells those who want to know of a generation.</summary>
    internal void ReportSubmission(string id) => Submitted?.Invoke(id);

    private bool TryRevive()
    {
        lock (_lock)
        {
            if (_disposed)
                return false;
            _life ??= new WorkerLife(this);
        }

        ApplyFaults();
        return true;
    }

    private void Accept(Socket socket, Func<WorkerLife, IRequestHandler> handlerOf, SimulatorProtocol protocol)
    {
        socket.NoDelay = true;
        var connection = _server.Wrap(socket, writeThrough: Options.Mode == SimulatorMode.Simulated);
        if (Volatile.Read(ref _life) is not { } life)
        {
            connection.Abort();
            return;
        }

        connection.Features.Set(handlerOf(life));
        connection.Features.Set(connection);
        if (life.Connections.TryAdd(connection))
            _server.Serve(connection, protocol);
    }

    private void Listen()
    {
        _port.Listen();
        _bootstrapPort?.Listen();
    }

    private void Refuse()
    {
        _port.Refuse();
        _bootstrapPort?.Refuse();
    }

    private void ApplyFaults()
    {
        var rules = Faults.Rules;
        lock (_lock)
        {
            if (_life is not { } life || _disposed)
                return;
            life.Engines.SlowDown(rules.FirstOrDefault(static rule => rule.Kind == FaultKind.Slow)?.Factor ?? 1);
            var refuse = rules.FirstOrDefault(static rule => rule.Kind == FaultKind.Refuse);
            Volatile.Write(ref _refuses, refuse is not null);
            if (refuse is null)
            {
                Listen();
                return;
            }

            Refuse();
            if (refuse.ForMs is { } pause)
                ReturnAfter(TimeSpan.FromMilliseconds(pause), () => Faults.Remove(refuse));
        }
    }

    private void ReturnAfter(TimeSpan pause, Action action)
    {
        _return?.Dispose();
        _return = Options.TimeProvider.CreateTimer(_ => action(), null, pause, Timeout.InfiniteTimeSpan);
    }
}
