using System.Collections.Immutable;
using Gateway.Actors.Engines;

namespace Gateway.Actors.Workers;

/// <summary>
/// One incarnation of a worker, as a request handler holds it. Immutable but for the parts that its epoch owns:
/// the in-flight count, the pending prompts, the breaker, and the write-once client. An edit of the configuration makes a new object that shares
/// those parts and the epoch; a re-birth shares nothing, so nothing that belonged to the old incarnation can reach it.
/// </summary>
public sealed class Worker
{
    private readonly Incarnation _incarnation;

    internal Worker(
        WorkerId id,
        long epoch,
        long revision,
        WorkerSpec spec,
        WorkerFacts facts,
        BreakerSettings breaker,
        TimeProvider time,
        WorkerOrigin origin = WorkerOrigin.CommandLine)
        : this(id, epoch, revision, spec, facts, new Incarnation(new CircuitBreaker(breaker.With(spec.Breaker), time), origin), null, [])
    {
    }

    private Worker(
        WorkerId id, long epoch, long revision, WorkerSpec spec, WorkerFacts facts, Incarnation incarnation, WorkerId? whole, ImmutableArray<Worker> ranks)
    {
        Id = id;
        Epoch = epoch;
        Revision = revision;
        Spec = spec;
        Facts = facts;
        Models = spec.Models.IsEmpty ? facts.Models : WithDiscoveredLengths(spec.Models, facts.Models);
        Whole = whole;
        _incarnation = incarnation;
        Ranks = ranks;
    }

    public WorkerId Id { get; }

    /// <summary>Which incarnation this is; grows with every birth in the registry, never used twice.</summary>
    public long Epoch { get; }

    /// <summary>Counts the accepted edits of this worker's configuration, from 1.</summary>
    public long Revision { get; }

    public WorkerSpec Spec { get; }

    public WorkerFacts Facts { get; }

    /// <summary>What it serves: as configured, else as discovered. Empty as long as neither is known.</summary>
    public EquatableArray<ModelCard> Models { get; }

    /// <summary>
    /// The data-parallel ranks it is served by, from the first to the last; empty if requests are sent to it as it is. Each is a worker with
    /// leases, breaker and epoch of its own, which uses this one's connection and ends with it.
    /// </summary>
    public ImmutableArray<Worker> Ranks { get; }

    /// <summary>Of a rank: the worker that it is one of the <see cref="Ranks"/> of, whose registration and state are also the rank's.</summary>
    public WorkerId? Whole { get; }

    /// <summary>Who named its URL, and with it how far that is trusted.</summary>
    public WorkerOrigin Origin => _incarnation.Origin;

    public CircuitBreaker Breaker => _incarnation.Breaker;

    /// <summary>How the attempts on it have ended; those on its ranks are the ranks'.</summary>
    public AttemptCounts Attempts => _incarnation.Attempts;

    /// <summary>Set once by the worker's actor when it has connected; null before.</summary>
    public EngineClient? Client => _incarnation.Client.Value;

    /// <summary>Leases held now, on it and on its ranks.</summary>
    public int Load
    {
        get
        {
            var load = _incarnation.InFlight.Count;
            foreach (var rank in Ranks)
                load += rank.Load;
            return load;
        }
    }

    /// <summary>
    /// What its engine last said of its load; null as long as it has not been asked, which happens only if a policy wants to know.
    /// One volatile read.
    /// </summary>
    public EngineLoad? EngineLoad => _incarnation.EngineLoad;

    /// <summary>
    /// Bytes of prompt that the leases held now brought along and that are not known to be prefilled; see <see cref="WorkerLease.EndPrefill"/>.
    /// </summary>
    public long PendingPromptBytes => _incarnation.PendingPrompts.Value;

    /// <summary>Requests in flight on it and on its ranks that other gateways have sent, as far as they have told. One plain read.</summary>
    public int PeerLoad
    {
        get
        {
            var load = _incarnation.PeerLoad;
            foreach (var rank in Ranks)
                load += rank.PeerLoad;
            return load;
        }
    }

    /// <summary>Requests in flight of all gateways. What is held here is <see cref="Load"/>.</summary>
    public int TotalLoad => (int)Math.Min(int.MaxValue, (long)Load + PeerLoad);

    /// <summary>
    /// The load by which policies compare workers: that of all gateways, and larger than it is while the worker is fresh, see <see cref="SlowStart"/>.
    /// </summary>
    public int EffectiveLoad => _incarnation.Inflate(TotalLoad);

    /// <summary>What policies weigh as <see cref="PendingPromptBytes"/>: that of all gateways.</summary>
    public long EffectivePendingPromptBytes => PendingPromptBytes + _incarnation.PeerPendingPromptBytes;

    /// <summary>True once it takes no new request: it drains, failed, or was replaced.</summary>
    public bool IsClosed => _incarnation.InFlight.IsClosed;

    /// <summary>Completes when it is closed and the last lease on it and its ranks was released.</summary>
    internal Task ClosedAndIdle => Ranks.Length == 0
        ? _incarnation.InFlight.ClosedAndIdle
        : Task.WhenAll([_incarnation.InFlight.ClosedAndIdle, .. Ranks.Select(static rank => rank.ClosedAndIdle)]);

    internal InFlightCounter InFlight => _incarnation.InFlight;

    internal AtomicCounter PendingPrompts => _incarnation.PendingPrompts;

    /// <summary>
    /// Called by the request path when the transport failed, so that the next scan probes the worker at once.
    /// One volatile write; no message.
    /// </summary>
    public void Suspect() => _incarnation.Suspected = true;

    /// <summary>Says that the engine may serve something else than before: with the next scan it is asked. One volatile write; no message.</summary>
    public void Refresh() => _incarnation.IsStale = true;

    internal void Report(EngineLoad load) => _incarnation.EngineLoad = load;

    /// <summary>What other gateways have on it, all together; see <see cref="Routing.Peers.PeerLoads"/>.</summary>
    internal void ReportPeers(int inFlight, long pendingPromptBytes)
    {
        _incarnation.PeerLoad = inFlight;
        _incarnation.PeerPendingPromptBytes = pendingPromptBytes;
    }

    internal bool ConsumeStaleness()
    {
        if (!_incarnation.IsStale)
            return false;
        _incarnation.IsStale = false;
        return true;
    }

    internal bool ConsumeSuspicion()
    {
        if (!_incarnation.Suspected)
            return false;
        _incarnation.Suspected = false;
        return true;
    }

    /// <summary>
    /// Gives this incarnation its client, which is disposed of after the last lease; at once, if the incarnation is closed by then.
    /// </summary>
    /// <returns>False if it has one already; the caller then keeps <paramref name="client"/>.</returns>
    internal bool TryAdopt(EngineClient client)
    {
        if (!_incarnation.Client.TrySet(client))
            return false;
        // Close() may have looked for a client just before there was one. Both sides write first and read then.
        if (IsClosed)
            _ = DisposeClientWhenIdle();
        return true;
    }

    /// <summary>Takes no new lease from now on, nor do its ranks, and disposes of the client after the last one.</summary>
    internal void Close()
    {
        foreach (var rank in Ranks)
            rank._incarnation.TryRetire();
        if (_incarnation.TryRetire())
            _ = DisposeClientWhenIdle();
    }

    /// <summary>Called when it becomes ready, before the registry knows.</summary>
    internal void BeginSlowStart() => _incarnation.Breaker.SlowStart.Begin();

    internal Worker WithSpec(WorkerSpec spec, long revision) => With(revision, spec, Facts);

    internal Worker WithFacts(WorkerFacts facts) => facts == Facts ? this : With(Revision, Spec, facts);

    /// <summary>This incarnation, served by so many new ranks. Only for one that no request can have reached yet.</summary>
    /// <param name="count">0 serves it as it is.</param>
    /// <param name="lastEpoch">The ranks have the epochs that follow it.</param>
    /// <param name="breaker">The gateway's defaults.</param>
    /// <param name="time">Clock of the breakers.</param>
    internal Worker WithRanks(int count, long lastEpoch, BreakerSettings breaker, TimeProvider time)
    {
        var ranks = ImmutableArray.CreateBuilder<Worker>(count);
        for (var rank = 0; rank < count; rank++)
        {
            ranks.Add(new Worker(
                Id.OfRank(rank),
                lastEpoch + 1 + rank,
                Revision,
                SpecOfRank(Spec, Facts, rank),
                FactsOfRank(Spec, Facts),
                new Incarnation(new CircuitBreaker(breaker.With(Spec.Breaker), time), Origin, _incarnation),
                Id,
                []));
        }

        return new Worker(Id, Epoch, Revision, Spec, Facts, _incarnation, Whole, ranks.MoveToImmutable());
    }

    public override string ToString() => $"{Spec.Url} ({Id}, epoch {Epoch})";

    /// <summary>An operator who names a model need not know its length by heart.</summary>
    private static EquatableArray<ModelCard> WithDiscoveredLengths(EquatableArray<ModelCard> named, EquatableArray<ModelCard> discovered) =>
        discovered.IsEmpty
            ? named
            :
            [
                .. named.Select(card => card with
                {
                    MaxModelLength = card.MaxModelLength ?? discovered.FirstOrDefault(found => found.Id == card.Id)?.MaxModelLength,
                }),
            ];

    private static WorkerSpec SpecOfRank(WorkerSpec whole, WorkerFacts facts, int rank) => whole with
    {
        Url = whole.Url.OfRank(rank),
        DataParallelSize = facts.DataParallelSize ?? whole.DataParallelSize,
    };

    private static WorkerFacts FactsOfRank(WorkerSpec whole, WorkerFacts facts) =>
        facts.OfOneRank(facts.DataParallelSize ?? whole.DataParallelSize);

    /// <summary>The same incarnation and ranks, described anew.</summary>
    private Worker With(long revision, WorkerSpec spec, WorkerFacts facts)
    {
        var ranks = ImmutableArray.CreateBuilder<Worker>(Ranks.Length);
        foreach (var old in Ranks)
        {
            ranks.Add(new Worker(
                old.Id, old.Epoch, revision, SpecOfRank(spec, facts, ranks.Count), FactsOfRank(spec, facts), old._incarnation, Id, []));
        }

        return new Worker(Id, Epoch, revision, spec, facts, _incarnation, Whole, ranks.MoveToImmutable());
    }

    private async Task DisposeClientWhenIdle()
    {
        await ClosedAndIdle.ConfigureAwait(false);
        Client?.Dispose();
    }

    /// <summary>What is shared by all objects of one epoch.</summary>
    /// <param name="breaker">Its own.</param>
    /// <param name="origin">Who named the worker.</param>
    /// <param name="whole">Of a rank: the incarnation it is a rank of, whose client it uses.</param>
    private sealed class Incarnation(CircuitBreaker breaker, WorkerOrigin origin, Incarnation? whole = null)
    {
        private int _retired;
        private volatile bool _suspected;
        private volatile bool _stale;
        private volatile EngineLoad? _engineLoad;
        private volatile int _peerLoad;
        private long _peerPendingPromptBytes;

        public CircuitBreaker Breaker { get; } = breaker;

        public WorkerOrigin Origin { get; } = origin;

        public InFlightCounter InFlight { get; } = new();

        public AtomicCounter PendingPrompts { get; } = new();

        public AttemptCounts Attempts { get; } = new();

        public WriteOnce<EngineClient> Client { get; } = whole?.Client ?? new();

        public EngineLoad? EngineLoad
        {
            get => _engineLoad;
            set => _engineLoad = value;
        }

        public int PeerLoad
        {
            get => _peerLoad;
            set => _peerLoad = value;
        }

        public long PeerPendingPromptBytes
        {
            get => Volatile.Read(ref _peerPendingPromptBytes);
            set => Volatile.Write(ref _peerPendingPromptBytes, value);
        }

        /// <summary>A rank's connection is that of the whole, and so is the suspicion.</summary>
        public bool Suspected
        {
            get => (whole ?? this)._suspected;
            set => (whole ?? this)._suspected = value;
        }

        /// <summary>A rank's engine is that of the whole.</summary>
        public bool IsStale
        {
            get => (whole ?? this)._stale;
            set => (whole ?? this)._stale = value;
        }

        /// <summary>A rank is as fresh as the whole, and also after its own breaker has closed.</summary>
        public int Inflate(int load)
        {
            var inflated = Breaker.SlowStart.Inflate(load);
            return whole is null ? inflated : Math.Max(inflated, whole.Breaker.SlowStart.Inflate(load));
        }

        public bool TryRetire()
        {
            InFlight.Close();
            return Interlocked.Exchange(ref _retired, 1) == 0;
        }
    }
}
