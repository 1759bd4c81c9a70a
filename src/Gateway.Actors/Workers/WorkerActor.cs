using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using Gateway.Actors.Engines;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing.Prefixes;
using Gateway.Actors.Workers.KvEvents;
using static Gateway.Actors.Workers.WorkerProtocol;

namespace Gateway.Actors.Workers;

/// <summary>
/// Owns one incarnation's connection: makes it, probes it, drains it. Connecting → Probing → Draining.
/// It tells its parent what the registry should know.
/// </summary>
/// <remarks>
/// Supervision: it has no children. When its connection is lost, or anything else goes wrong, it throws; its supervisor stops it and
/// sees to a new incarnation. Its client is not disposed of here: requests may still be running through it.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "An actor disposes in PostStop.")]
internal sealed class WorkerActor : ReceiveActor, IWithTimers
{
    private const string DueTimer = "due";
    private const string AgainTimer = "again";
    private const string DeadlineTimer = "deadline";
    private const string LoadTimer = "load";
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _stopping = new();
    private readonly HealthSettings _defaults;
    private readonly IEngineConnector _connector;
    private readonly LoadMonitor _loads;
    private readonly KvFeeds _kvFeeds;
    private readonly FleetCounts _counts;
    private readonly Random _random;
    private Worker _worker;
    private HealthSettings _settings;
    private WorkerFacts _facts = WorkerFacts.Unknown;
    private WorkerHealth _health = WorkerHealth.Initial;
    private int _failedConnections;
    private bool _isProbing;
    private bool _isSuspected;
    private bool _isStale;
    private IKvEventSink? _kvSink;
    private CancellationTokenSource? _kvFeed;
    private bool _hasNoKvEvents;
    private bool _rankIsMissing;

    public WorkerActor(
        Worker worker, HealthSettings defaults, IEngineConnector connector, LoadMonitor loads, KvFeeds kvFeeds, FleetCounts counts, Random random)
    {
        _worker = worker;
        _defaults = defaults;
        _connector = connector;
        _loads = loads;
        _kvFeeds = kvFeeds;
        _counts = counts;
        _random = random;
        _settings = defaults.With(worker.Spec.Health);
        Connecting();
    }

    /// <summary>Set by Akka.</summary>
    public ITimerScheduler Timers { get; set; } = null!;

    private bool ModelIsKnown => !_worker.Spec.Models.IsEmpty || !_facts.Models.IsEmpty;

    /// <summary>
    /// The engine is asked what it serves with every probe: whoever answers at this address may be another process by now.
    /// </summary>
    private ProbePlan Plan => new(
        _settings.Disabled ? null : _settings.Endpoint,
        _settings.Timeout,
        _worker.Spec.ApiKey,
        Discover: true,
        _worker.Spec.Runtime,
        IsGuarded: _worker.Origin == WorkerOrigin.Api,
        _worker.Spec.ServerName);

    public static Props Props(
        Worker worker, HealthSettings defaults, IEngineConnector connector, LoadMonitor loads, KvFeeds kvFeeds, FleetCounts counts, Random random) =>
        Akka.Actor.Props.Create(() => new WorkerActor(worker, defaults, connector, loads, kvFeeds, counts, random));

    protected override void PreStart() => Connect();

    protected override void PostStop()
    {
        StopKvFeed();
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private void Connecting()
    {
        Receive<Due>(_ => Connect());
        Receive<Connected>(connected =>
        {
            _log.Debug("{0} is connected over {1}", _worker, connected.Client.Mode);
            Become(Probing);
            LoadDueIn(_loads.FirstWait);
            OnProbed(connected.Result);
        });
        Receive<ConnectFailed>(failed => OnConnectFailed(failed.Result));
        // It is being tried anyhow.
        Receive<ProbeNow>(_ => { });
        Receive<AskAgain>(_ => { });
        ReceiveCommon();
    }

    private void Probing()
    {
        Receive<Due>(_ => Probe());
        Receive<ProbeNow>(_ =>
        {
            if (_settings.Disabled)
                return;
            _isSuspected = true;
            Probe();
        });
        Receive<AskAgain>(_ =>
        {
            // What is under way may have been answered before the change.
            _isStale = _isProbing;
            Probe();
        });
        Receive<Probed>(probed => OnProbed(probed.Result));
        Receive<LoadDue>(_ =>
        {
            FollowKvEvents();
            ReadLoad();
        });
        Receive<KvEventsUnsupported>(_ =>
        {
            StopKvFeed();
            _hasNoKvEvents = true;
        });
        Receive<KvFeedEnded>(ended =>
        {
            // By a failure of the gateway's own: with the next tick it begins anew.
            if (ended.Feed == _kvFeed)
                StopKvFeed();
        });
        Receive<LoadRead>(read =>
        {
            foreach (var (worker, load) in read.Loads)
                worker.Report(load);
            LoadDueIn(_loads.Interval);
        });
        ReceiveCommon();
    }

    private void Draining()
    {
        Receive<Drain>(drain => Timers.StartSingleTimer(DeadlineTimer, DrainEnded.Instance, drain.Deadline));
        Receive<DrainEnded>(_ => Context.Parent.Tell(new RegistryProtocol.Drained(_worker.Id, _worker.Epoch)));
        // What was under way when the drain began no longer matters.
        ReceiveAny(_ => { });
    }

    private void ReceiveCommon()
    {
        Receive<Retune>(retune =>
        {
            _worker = retune.Worker;
            _settings = _defaults.With(_worker.Spec.Health);
            Timers.StartSingleTimer(DueTimer, Due.Instance, TimeSpan.Zero);
        });
        Receive<Drain>(drain =>
        {
            Timers.Cancel(DueTimer);
            Timers.Cancel(LoadTimer);
            StopKvFeed();
            Timers.StartSingleTimer(DeadlineTimer, DrainEnded.Instance, drain.Deadline);
            drain.Worker.ClosedAndIdle.PipeTo(Self, success: () => DrainEnded.Instance);
            Become(Draining);
        });
    }

    private void Connect()
    {
        if (_isProbing)
            return;
        _isProbing = true;
        ConnectAsync(_connector, _worker, Plan, _stopping.Token).PipeTo(Self, failure: CannotConnect);
    }

    private static async Task<object> ConnectAsync(
        IEngineConnector connector, Worker worker, ProbePlan plan, CancellationToken stopping)
    {
        var (client, result) = await connector.ConnectAsync(worker.Spec.Url, plan, stopping).ConfigureAwait(false);
        if (client is null)
            return new ConnectFailed(result);
        // Here and not in a message handler: the actor may be gone by now, and its mailbox would lose the client.
        if (!worker.TryAdopt(client))
        {
            client.Dispose();
            throw new InvalidOperationException($"{worker} has a client already.");
        }

        return new Connected(client, result);
    }

    private static ConnectFailed CannotConnect(Exception exception) =>
        new(ProbeResult.Failed(ProbeOutcome.Unreachable, exception.GetBaseException().Message));

    private void OnConnectFailed(ProbeResult result)
    {
        _isProbing = false;
        _counts.Probe(_worker.Spec.Role, result.Outcome);
        _failedConnections++;
        var isUnreachable = result.Outcome == ProbeOutcome.Unreachable && _failedConnections >= _settings.FailureThreshold;
        Context.Parent.Tell(isUnreachable
            ? new RegistryProtocol.Unreachable(_worker.Id, _worker.Epoch, result.Reason)
            : new RegistryProtocol.StillPending(_worker.Id, _worker.Epoch, result.Reason));
        DueIn(Backoff.Delay(_settings.RetryBackoff, _settings.MaxRetryBackoff, _failedConnections - 1));
    }

    private void Probe()
    {
        if (_isProbing)
            return;
        _isProbing = true;
        _connector.ProbeAsync(_worker.Client!, Plan, _stopping.Token).PipeTo(
            Self,
            success: static result => new Probed(result),
            failure: static exception =>
                new Probed(ProbeResult.Failed(ProbeOutcome.Silent, exception.GetBaseException().Message)));
    }

    private void OnProbed(ProbeResult result)
    {
        _isProbing = false;
        if (_isStale)
        {
            _isStale = false;
            Timers.StartSingleTimer(AgainTimer, AskAgain.Instance, TimeSpan.Zero);
        }

        result = ForRank(result);
        _counts.Probe(_worker.Spec.Role, result.Outcome);
        // It was asked what it serves, not how it is.
        if (_settings.Disabled && _health.Verdict == HealthVerdict.Ready && result.Outcome != ProbeOutcome.Healthy)
            return;
        var previous = (_health.Verdict, _facts);
        if (!result.Facts.Models.IsEmpty || _facts.Models.IsEmpty)
            _facts = result.Outcome == ProbeOutcome.Healthy ? result.Facts.After(_facts) : _facts;
        _health = _health.Next(result.Outcome, ModelIsKnown, _isSuspected, _settings);
        _isSuspected = false;
        switch (_health.Verdict)
        {
            case HealthVerdict.Ready when previous != (HealthVerdict.Ready, _facts):
                if (previous.Verdict != HealthVerdict.Ready)
                    _worker.BeginSlowStart();
                Context.Parent.Tell(new RegistryProtocol.BecameReady(_worker.Id, _worker.Epoch, _facts));
                break;
            case HealthVerdict.NotReady when previous.Verdict != HealthVerdict.NotReady:
                Context.Parent.Tell(new RegistryProtocol.BecameNotReady(_worker.Id, _worker.Epoch, result.Reason));
                break;
            case HealthVerdict.Pending:
                var reason = result.Outcome == ProbeOutcome.Healthy
                    ? "the engine does not say which model it serves; name it in 'models'"
                    : result.Reason;
                Context.Parent.Tell(new RegistryProtocol.StillPending(_worker.Id, _worker.Epoch, reason));
                break;
            case HealthVerdict.Lost:
                Context.Parent.Tell(new RegistryProtocol.Failed(_worker.Id, _worker.Epoch, result.Reason));
                throw new ConnectionLostException(_worker, result.Reason);
            default:
                break;
        }

        if (!(_settings.Disabled && _health.Verdict == HealthVerdict.Ready))
            DueIn(_health.NextProbeIn(_settings));
    }

    /// <summary>A worker that is one rank of its engine is not well if the engine has no such rank, and has its share of what the engine can.</summary>
    private ProbeResult ForRank(ProbeResult result)
    {
        if (_worker.Spec.Url.Rank is not { } rank || result.Outcome != ProbeOutcome.Healthy)
            return result;
        var isMissing = result.Facts.DataParallelSize <= rank;
        if (!isMissing)
        {
            _rankIsMissing = false;
            return result with { Facts = result.Facts.OfOneRank(result.Facts.DataParallelSize ?? _worker.Spec.DataParallelSize) };
        }

        var reason = $"there is no rank {rank}: the engine has {result.Facts.DataParallelSize}, counted from 0";
        if (!_rankIsMissing)
            _log.Warning("{0}: {1}", _worker, reason);
        _rankIsMissing = true;
        return ProbeResult.Failed(ProbeOutcome.Unhealthy, reason);
    }

    /// <summary>The next question comes after the answer to this one, or after the timeout: there is never more than one.</summary>
    private void ReadLoad()
    {
        if (!_loads.IsWanted(_worker.Spec.Models.IsEmpty ? _facts.Models : _worker.Spec.Models, _worker.Spec.Role))
        {
            LoadDueIn(_loads.Interval);
            return;
        }

        var plan = new LoadPlan(_facts.Runtime, _settings.Timeout, _worker.Spec.ApiKey);
        ReadLoadAsync(_connector, _loads.Published(_worker), plan, _loads.Time, _stopping.Token)
            .PipeTo(Self, failure: static _ => new LoadRead([]));
    }

    private static async Task<LoadRead> ReadLoadAsync(
        IEngineConnector connector, Worker worker, LoadPlan plan, TimeProvider time, CancellationToken stopping)
    {
        var timestamp = time.GetTimestamp();
        (Worker Worker, int InFlight)[] asked = [(worker, worker.Load), .. worker.Ranks.Select(static rank => (rank, rank.Load))];
        var report = await connector.ReadLoadAsync(worker.Client!, plan, stopping).ConfigureAwait(false);
        var loads = new List<(Worker, EngineLoad)>(asked.Length);
        foreach (var (one, inFlight) in asked)
        {
            var earlier = one.EngineLoad;
            var elapsed = earlier is null ? TimeSpan.Zero : time.GetElapsedTime(earlier.Timestamp, timestamp);
            if (EngineLoad.From(report.About(one.Spec.Url), timestamp, inFlight)?.Since(earlier, elapsed) is { } load)
                loads.Add((one, load));
        }

        return new LoadRead(loads);
    }

    /// <summary>Its KV events go where its models' policy wants them, which another policy may take the place of.</summary>
    private void FollowKvEvents()
    {
        if (_hasNoKvEvents || _worker.Client is not { } client)
            return;
        var wanted = _kvFeeds.WantedOf(_worker);
        // Out of sight for a while is no reason to begin anew: the index keeps what it knows.
        if (wanted is null ? _health.Verdict == HealthVerdict.NotReady : wanted.Value.Sink == _kvSink)
            return;
        StopKvFeed();
        if (wanted is not var (published, sink))
            return;
        var feed = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        (_kvSink, _kvFeed) = (sink, feed);
        new KvEventSubscription(client, published, sink, _kvFeeds.Time).RunAsync(feed.Token).PipeTo(
            Self, success: static () => KvEventsUnsupported.Instance, failure: _ => new KvFeedEnded(feed));
    }

    private void StopKvFeed()
    {
        _kvFeed?.Cancel();
        _kvFeed?.Dispose();
        (_kvSink, _kvFeed) = (null, null);
    }

    private void LoadDueIn(TimeSpan delay) =>
        Timers.StartSingleTimer(LoadTimer, LoadDue.Instance, Backoff.Jitter(delay, _random));

    private void DueIn(TimeSpan delay) =>
        Timers.StartSingleTimer(DueTimer, Due.Instance, Backoff.Jitter(delay, _random));
}
