using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Gateway.Actors.Engines;
using Gateway.Actors.Routing;
using Gateway.Actors.Routing.Peers;
using Gateway.Actors.Workers;
using static Gateway.Actors.Registry.RegistryProtocol;

namespace Gateway.Actors.Registry;

/// <summary>
/// The only writer of the fleet. Applies one message at a time to <see cref="RegistryState"/>, and publishes once for all messages that
/// were waiting: the flush it sends to itself arrives behind them. Effects and replies go out after the publication that contains them.
/// </summary>
/// <remarks>
/// Supervision: a message that breaks it is refused with <see cref="Refusal.Faulted"/> and changes nothing, since a state is committed
/// only when it is whole; so a fault does not cost a restart, which would take the children along. It is the parent of
/// <see cref="WorkerSupervisor"/>, which it restarts. Should it be restarted itself, it goes on from the last committed state and has
/// all workers born anew.
/// </remarks>
public sealed class RegistryActor : ReceiveActor
{
    private const string WorkersName = "workers";
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly RegistryPublisher _publisher;
    private readonly RegistryTransitions _transitions;
    private readonly SnapshotBuilder _snapshots;
    private readonly Props _supervisorProps;
    private IActorRef _workers = ActorRefs.Nobody;
    private bool _flushIsDue;

    /// <inheritdoc cref="Props(RegistryPublisher, RegistrySettings, IEngineConnector, TimeProvider, PrefixSharing?)"/>
    public RegistryActor(
        RegistryPublisher publisher, RegistrySettings settings, IEngineConnector connector, TimeProvider time, PrefixSharing? sharing = null)
    {
        _publisher = publisher;
        _transitions = new RegistryTransitions(settings, time);
        var policies = new PolicyContext(settings.Routing, Random.Shared, time) { Sharing = sharing };
        _snapshots = new SnapshotBuilder(
            new PolicyAssignment(settings, (model, name, last) => PolicyCatalog.Create(name, policies with { Model = model }, last)),
            settings.ServesTokenIn);
        _supervisorProps = WorkerSupervisor.Props(settings, connector, publisher.View, time);

        Receive<ICommand>(CarryOut);
        Receive<IReport>(report => Commit(_transitions.Apply(_publisher.Committed, report)));
        Receive<WorkersLost>(lost => Commit(_transitions.Apply(_publisher.Committed, lost)));
        Receive<KeepRegistrations>(_ => _publisher.Outbox.Keeper = Sender);
        Receive<GetSnapshot>(_ =>
        {
            _publisher.Outbox.Replies.Enqueue((Sender, null));
            FlushSoon();
        });
        Receive<Flush>(_ => PublishAndCarryOut());
    }

    /// <param name="publisher">The one capability to publish to its view.</param>
    /// <param name="settings">The gateway's defaults for workers.</param>
    /// <param name="connector">How workers' actors connect to engines.</param>
    /// <param name="time">Clock of the breakers and of <see cref="WorkerEntry.Since"/>.</param>
    /// <param name="sharing">What gateways tell each other of prefixes; null if this one is alone.</param>
    public static Props Props(
        RegistryPublisher publisher, RegistrySettings settings, IEngineConnector connector, TimeProvider time, PrefixSharing? sharing = null) =>
        Akka.Actor.Props.Create(() => new RegistryActor(publisher, settings, connector, time, sharing));

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(static _ => Directive.Restart);

    protected override void PreStart() => _workers = Context.ActorOf(_supervisorProps, WorkersName);

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Self.Tell(new WorkersLost());
    }

    protected override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _log.Error(exception, "The registry failed on {0} and goes on from its last committed state", message.GetType().Name);
            if (message is ICommand)
                Sender.Tell(new Refused(Refusal.Faulted, "the registry failed on this command"));
            return true;
        }
    }

    private void CarryOut(ICommand command)
    {
        var before = _publisher.Committed;
        var step = _transitions.Apply(before, command);
        Commit(step);
        // What the keeper itself asks for it has recorded already.
        if (!Sender.Equals(_publisher.Outbox.Keeper) && RecordedChange.Of(command, before, step) is { } recorded)
            _publisher.Outbox.Effects.Enqueue(new RegistryEffect.Record(recorded));
    }

    private void Commit(RegistryTransition step)
    {
        var before = _publisher.Committed;
        _publisher.Committed = step.State;
        foreach (var effect in step.Effects)
        {
            Count(effect, before, step.State);
            _publisher.Outbox.Effects.Enqueue(effect);
        }

        if (step.Reply is not null)
            _publisher.Outbox.Replies.Enqueue((Sender, step.Reply));
        if (step.State.IsDirty || !_publisher.Outbox.IsEmpty)
            FlushSoon();
    }

    /// <summary>A worker that is born anew has neither come nor gone.</summary>
    private void Count(RegistryEffect effect, RegistryState before, RegistryState after)
    {
        if (effect is RegistryEffect.Start { Worker: var born } && !before.Workers.ContainsKey(born.Id))
            _publisher.View.Counts.Join(born.Origin);
        else if (effect is RegistryEffect.Stop { Worker: var gone } && !after.Workers.ContainsKey(gone.Id))
            _publisher.View.Counts.Leave(gone.Origin);
    }

    private void FlushSoon()
    {
        if (_flushIsDue)
            return;
        _flushIsDue = true;
        Self.Tell(Flush.Instance);
    }

    private void PublishAndCarryOut()
    {
        _flushIsDue = false;
        if (_publisher.Committed.IsDirty)
        {
            var since = Stopwatch.GetTimestamp();
            _publisher.Publish(_snapshots.Build(_publisher.View.Current, _publisher.Committed));
            _publisher.Committed = _publisher.Committed.Published();
            _publisher.View.Counts.Publish(since);
        }

        while (_publisher.Outbox.Effects.TryDequeue(out var effect))
            CarryOut(effect);
        var snapshot = _publisher.View.Current;
        while (_publisher.Outbox.Replies.TryDequeue(out var waiting))
            waiting.Receiver.Tell(waiting.Reply switch
            {
                null => snapshot,
                Accepted accepted => accepted with { Version = snapshot.Version },
                PolicySet set => set with { Version = snapshot.Version },
                var reply => reply,
            });
    }

    private void CarryOut(RegistryEffect effect)
    {
        switch (effect)
        {
            case RegistryEffect.Close close:
                close.Worker.Close();
                break;
            case RegistryEffect.Start start:
                _workers.Tell(new WorkerSupervisorProtocol.Start(start.Worker));
                break;
            case RegistryEffect.Stop stop:
                _workers.Tell(new WorkerSupervisorProtocol.Stop(stop.Worker.Id, stop.Worker.Epoch));
                break;
            case RegistryEffect.BeginDrain drain:
                _workers.Tell(new WorkerSupervisorProtocol.Drain(drain.Worker, drain.Deadline));
                break;
            case RegistryEffect.Record record:
                _publisher.Outbox.Keeper.Tell(record.Recorded);
                break;
            case RegistryEffect.Retune retune:
                _workers.Tell(new WorkerSupervisorProtocol.Retune(retune.Worker));
                break;
            default:
                throw new InvalidOperationException($"unknown effect {effect.GetType().Name}");
        }
    }

    private sealed record Flush
    {
        public static Flush Instance { get; } = new();
    }
}
