using Akka.Actor;
using Akka.DistributedData;
using Akka.Event;
using Akka.Pattern;
using Gateway.Actors.Registrations;
using static Gateway.Actors.Registrations.RegistrationProtocol;

namespace Gateway.Actors.Cluster;

/// <summary>
/// Carries registrations between this gateway's keeper and the replicated data of the cluster. The two are never compared by what is
/// missing: each tells the other what it knows, and what is newer holds.
/// </summary>
/// <remarks>
/// It lives in the cluster's actor system and holds nothing of its own. Supervision: the guardian restarts it; it then follows the keeper
/// and the replicator anew, who both begin with all they know.
/// </remarks>
public sealed class RegistrationReplicaActor : ReceiveActor, IWithTimers
{
    /// <summary>Beyond this, gossip brings it.</summary>
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LookDelay = TimeSpan.FromSeconds(1);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IActorRef _keeper;

    // Public because Akka makes actors with public constructors only.
    public RegistrationReplicaActor(IActorRef keeper)
    {
        _keeper = keeper;
        var replicator = DistributedData.Get(Context.System).Replicator;
        Receive<News>(news =>
        {
            foreach (var shard in news.Registrations.ByPlace.Values.GroupBy(static registration => RegistrationShard.KeyOf(registration.Url.Place)))
            {
                var part = RegistrationMap.Of(shard);
                replicator.Tell(Dsl.Update(shard.Key, RegistrationShard.Empty, new WriteAll(WriteTimeout), present => present.With(part)));
            }
        });
        Receive<Changed>(changed =>
        {
            if (changed.Data is RegistrationShard shard)
                _keeper.Tell(new Heard(shard.Registrations));
        });
        Receive<UpdateSuccess>(static _ => { });
        Receive<UpdateTimeout>(static _ => { });
        Receive<IUpdateFailure>(failure => _log.Warning("A registration could not be told to the other gateways: {0}", failure.Cause?.Message));
        // Whoever keeps registrations after a restart is another actor, and knows of no follower.
        Receive<BackoffSupervisor.CurrentChild>(child =>
        {
            if (child.Ref.IsNobody())
            {
                LookLater();
                return;
            }

            Context.Watch(child.Ref);
            child.Ref.Tell(new Follow());
            // It is told of changes by itself; this is what it missed before.
            foreach (var key in RegistrationShard.Keys)
                replicator.Tell(Dsl.Get(key, ReadLocal.Instance));
        });
        Receive<GetSuccess>(found =>
        {
            if (found.Data is RegistrationShard shard)
                _keeper.Tell(new Heard(shard.Registrations));
        });
        Receive<NotFound>(static _ => { });
        Receive<Terminated>(_ => LookLater());
        Receive<Look>(_ => _keeper.Tell(BackoffSupervisor.GetCurrentChild.Instance));
        foreach (var key in RegistrationShard.Keys)
            replicator.Tell(Dsl.Subscribe(key, Self));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="keeper">The supervisor of the gateway's <see cref="RegistrationKeeperActor"/>, which hands on what it is told.</param>
    public static Props Props(IActorRef keeper) => Akka.Actor.Props.Create(() => new RegistrationReplicaActor(keeper));

    protected override void PreStart() => Self.Tell(Look.Instance);

    private void LookLater() => Timers.StartSingleTimer(nameof(Look), Look.Instance, LookDelay);

    private sealed record Look
    {
        public static Look Instance { get; } = new();
    }
}
