using System.Text;
using Gateway.Actors.Engines;
using Gateway.Actors.Routing;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Registry;

/// <summary>
/// One model as the request path sees it: its routable workers in order of registration, and its policy.
/// Immutable; may be iterated for as long as one likes.
/// </summary>
public sealed class ModelSnapshot
{
    private readonly Worker[] _ready;
    private readonly Worker[] _regular;
    private readonly Worker[] _regularOverHttp;
    private readonly Worker[] _prefill;
    private readonly Worker[] _prefillOverHttp;
    private readonly Worker[] _decode;
    private readonly Worker[] _decodeOverHttp;

    internal ModelSnapshot(ModelCard card, long version, IRoutingPolicy policy, Worker[] ready)
        : this(card, version, ModelPolicies.Of(policy), ready)
    {
    }

    internal ModelSnapshot(ModelCard card, long version, ModelPolicies policies, Worker[] ready, bool servesTokenIn = false)
    {
        Card = card;
        IdUtf8 = Encoding.UTF8.GetBytes(card.Id);
        Version = version;
        Policies = policies;
        _ready = ready;
        _regularOverHttp = _regular = OverHttp(WorkerRole.Regular);
        _prefillOverHttp = _prefill = OverHttp(WorkerRole.Prefill);
        _decodeOverHttp = _decode = OverHttp(WorkerRole.Decode);
        Pairs = PairsOverHttp = WorkerPairs.Of(_prefill, _decode);
        if (!servesTokenIn)
            return;

        _regular = Array.FindAll(ready, static worker => worker.Spec.Role == WorkerRole.Regular);
        _prefill = Array.FindAll(ready, static worker => worker.Spec.Role == WorkerRole.Prefill && CanPair(worker));
        _decode = Array.FindAll(ready, static worker => worker.Spec.Role == WorkerRole.Decode && CanPair(worker));
        if (_prefill.Length > _prefillOverHttp.Length && _decode.Length > _decodeOverHttp.Length)
            Pairs = WorkerPairs.Of(_prefill, _decode);

        Worker[] OverHttp(WorkerRole role) =>
            Array.FindAll(ready, worker => worker.Spec.Role == role && worker.Facts.Mode == ConnectionMode.Http);

        static bool CanPair(Worker worker) => worker.Facts.Mode == ConnectionMode.Http || EngineProtocols.CanPair(worker.Facts.Runtime);
    }

    public ModelCard Card { get; }

    /// <summary>The canonical id; clients may have asked for it by an alias.</summary>
    public string Id => Card.Id;

    public ReadOnlyMemory<byte> IdUtf8 { get; }

    /// <summary>The registry version in which this model last changed.</summary>
    public long Version { get; }

    /// <summary>Kept from version to version, so that they may hold state about the model.</summary>
    public ModelPolicies Policies { get; }

    /// <summary>For <see cref="Regular"/> workers.</summary>
    public IRoutingPolicy Policy => Policies.Regular.Policy;

    /// <summary>All Ready workers, whatever their role and protocol.</summary>
    public ReadOnlySpan<Worker> Ready => _ready;

    /// <summary>
    /// Ready workers that do a whole generation: those spoken to over HTTP, and those spoken to over gRPC, which take tokens, if the gateway
    /// serves them (<see cref="RegistrySettings.ServesTokenIn"/>).
    /// </summary>
    public ReadOnlySpan<Worker> Regular => _regular;

    /// <summary>Ready workers that do generations in halves, and fit one another: those of <see cref="PairsOverHttp"/>, and those that take tokens.</summary>
    public WorkerPairs Pairs { get; }

    /// <summary>The pairs that are spoken to over HTTP.</summary>
    public WorkerPairs PairsOverHttp { get; }

    /// <summary>True if there is a worker that a question over HTTP can be put to.</summary>
    public bool HasHttpWorkers => _regularOverHttp.Length > 0 || _prefillOverHttp.Length > 0 || _decodeOverHttp.Length > 0;

    /// <summary>Those of <see cref="Regular"/> that are spoken to over HTTP.</summary>
    public ReadOnlySpan<Worker> RegularOverHttp => _regularOverHttp;

    /// <summary>True if a worker that requests are sent to takes tokens.</summary>
    public bool ServesTokenIn => _regular.Length > _regularOverHttp.Length || Pairs.TakeTokens;

    public IRoutingPolicy PolicyFor(WorkerRole role) => Policies.For(role).Policy;

    /// <summary>Ready workers of a role that the gateway can send generations to, whether those of a half have another half or not.</summary>
    public ReadOnlySpan<Worker> WorkersFor(WorkerRole role) => role switch
    {
        WorkerRole.Prefill => _prefill,
        WorkerRole.Decode => _decode,
        _ => _regular,
    };

    /// <summary>Those of <see cref="WorkersFor"/> that are spoken to over HTTP.</summary>
    public ReadOnlySpan<Worker> WorkersOverHttpFor(WorkerRole role) => role switch
    {
        WorkerRole.Prefill => _prefillOverHttp,
        WorkerRole.Decode => _decodeOverHttp,
        _ => _regularOverHttp,
    };
}
