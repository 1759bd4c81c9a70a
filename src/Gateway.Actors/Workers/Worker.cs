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

    internal Worker(WorkerId id, long epoch, long revision, WorkerSpec spec, WorkerFacts facts, BreakerSettings breaker, TimeProvider time)
        : this(id, epoch, revision, spec, facts, new Incarnation(new CircuitBreaker(breaker.With(spec.Breaker), time)))
    {
    }

    private Worker(WorkerId id, long epoch, long revision, WorkerSpec spec, WorkerFacts facts, Incarnation incarnation)
    {
        Id = id;
        Epoch = epoch;
        Revision = revision;
        Spec = spec;
        Facts = facts;
        Models = spec.Models.IsEmpty ? facts.Models : WithDiscoveredLengths(spec.Models, facts.Models);
        _incarnation = incarnation;
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

    public CircuitBreaker Breaker => _incarnation.Breaker;

    /// <summary>Set once by the worker's actor when it has connected; null before.</summary>
    public EngineClient? Client => _incarnation.Client.Value;

    /// <summary>Leases held now.</summary>
    public int Load => _incarnation.InFlight.Count;

    /// <summary>
    /// What its engine last said of its load; null as long as it has not been asked, which happens only if a policy wants to know.
    /// One volatile read.
    /// </summary>
    public EngineLoad? EngineLoad => _incarnation.EngineLoad;

    /// <summary>
    /// Bytes of prompt that the leases held now brought along and that are not known to be prefilled; see <see cref="WorkerLease.EndPrefill"/>.
    /// </summary>
    public long PendingPromptBytes => _incarnation.PendingPrompts.Value;

    /// <summary>True once it takes no new request: it drains, failed, or was replaced.</summary>
    public bool IsClosed => _incarnation.InFlight.IsClosed;

    /// <summary>Completes when it is closed and its last lease was released.</summary>
    internal Task ClosedAndIdle => _incarnation.InFlight.ClosedAndIdle;

    internal InFlightCounter InFlight => _incarnation.InFlight;

    internal AtomicCounter PendingPrompts => _incarnation.PendingPrompts;

    /// <summary>
    /// Called by the request path when the transport failed, so that the next scan probes the worker at once.
    /// One volatile write; no message.
    /// </summary>
    public void Suspect() => _incarnation.Suspected = true;

    internal void Report(EngineLoad load) => _incarnation.EngineLoad = load;

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

    /// <summary>Takes no new lease from now on, and disposes of the client after the last one.</summary>
    internal void Close()
    {
        if (_incarnation.TryRetire())
            _ = DisposeClientWhenIdle();
    }

    internal Worker WithSpec(WorkerSpec spec, long revision) => new(Id, Epoch, revision, spec, Facts, _incarnation);

    internal Worker WithFacts(WorkerFacts facts) =>
        facts == Facts ? this : new(Id, Epoch, Revision, Spec, facts, _incarnation);

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

    private async Task DisposeClientWhenIdle()
    {
        await _incarnation.InFlight.ClosedAndIdle.ConfigureAwait(false);
        Client?.Dispose();
    }

    /// <summary>What is shared by all objects of one epoch.</summary>
    private sealed class Incarnation(CircuitBreaker breaker)
    {
        private int _retired;
        private volatile bool _suspected;
        private volatile EngineLoad? _engineLoad;

        public CircuitBreaker Breaker { get; } = breaker;

        public InFlightCounter InFlight { get; } = new();

        public AtomicCounter PendingPrompts { get; } = new();

        public WriteOnce<EngineClient> Client { get; } = new();

        public EngineLoad? EngineLoad
        {
            get => _engineLoad;
            set => _engineLoad = value;
        }

        public bool Suspected
        {
            get => _suspected;
            set => _suspected = value;
        }

        public bool TryRetire()
        {
            InFlight.Close();
            return Interlocked.Exchange(ref _retired, 1) == 0;
        }
    }
}
