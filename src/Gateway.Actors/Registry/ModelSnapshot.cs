using System.Text;
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
    private readonly Worker[] _decode;

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
        _regularOverHttp = _regular = Routable(WorkerRole.Regular);
        _prefill = Routable(WorkerRole.Prefill);
        _decode = Routable(WorkerRole.Decode);

        if (servesTokenIn)
            _regular = Array.FindAll(ready, static worker => worker.Spec.Role == WorkerRole.Regular);

        Worker[] Routable(WorkerRole role) =>
            Array.FindAll(ready, worker => worker.Spec.Role == role && worker.Facts.Mode == ConnectionMode.Http);
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

    /// <summary>Ready workers that do the first half of a generation, over HTTP.</summary>
    public ReadOnlySpan<Worker> Prefill => _prefill;

    /// <summary>Ready workers that do the second half of a generation, over HTTP.</summary>
    public ReadOnlySpan<Worker> Decode => _decode;

    /// <summary>True if there is a worker for each half of a generation.</summary>
    public bool HasPairs => _prefill.Length > 0 && _decode.Length > 0;

    /// <summary>True if there is a worker that a question over HTTP can be put to.</summary>
    public bool HasHttpWorkers => _regularOverHttp.Length > 0 || _prefill.Length > 0 || _decode.Length > 0;

    /// <summary>Those of <see cref="Regular"/> that are spoken to over HTTP.</summary>
    public ReadOnlySpan<Worker> RegularOverHttp => _regularOverHttp;

    /// <summary>True if a worker that requests are sent to takes tokens.</summary>
    public bool ServesTokenIn => _regular.Length > _regularOverHttp.Length;

    public IRoutingPolicy PolicyFor(WorkerRole role) => Policies.For(role).Policy;

    public ReadOnlySpan<Worker> WorkersFor(WorkerRole role) => role switch
    {
        WorkerRole.Prefill => _prefill,
        WorkerRole.Decode => _decode,
        _ => _regular,
    };
}
