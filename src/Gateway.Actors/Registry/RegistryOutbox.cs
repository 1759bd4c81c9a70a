using Akka.Actor;

namespace Gateway.Actors.Registry;

/// <summary>
/// What waits for the next publication: effects in their order, and replies with whom to send them to.
/// It outlives a restart of the RegistryActor, so that what was committed is also carried out and answered.
/// </summary>
internal sealed class RegistryOutbox
{
    public Queue<RegistryEffect> Effects { get; } = new();

    /// <summary>Receivers with their reply; a null reply asks for the snapshot itself.</summary>
    public Queue<(IActorRef Receiver, RegistryProtocol.IReply? Reply)> Replies { get; } = new();

    /// <summary>Who keeps the registrations; nobody if that has not been asked for.</summary>
    public IActorRef Keeper { get; set; } = ActorRefs.Nobody;

    public bool IsEmpty => Effects.Count == 0 && Replies.Count == 0;
}
