namespace Gateway.Actors.Registry;

/// <summary>
/// The capability to publish to a <see cref="RegistryView"/>, and the last committed <see cref="RegistryState"/>:
/// a RegistryActor that is restarted goes on from there.
/// </summary>
public sealed class RegistryPublisher
{
    private readonly Action<RegistrySnapshot> _publish;

    internal RegistryPublisher(RegistryView view, Action<RegistrySnapshot> publish)
    {
        View = view;
        _publish = publish;
    }

    public RegistryView View { get; }

    /// <summary>Written by the RegistryActor alone, after each command.</summary>
    internal RegistryState Committed { get; set; } = RegistryState.Empty;

    internal RegistryOutbox Outbox { get; } = new();

    internal void Publish(RegistrySnapshot snapshot)
    {
        if (snapshot.Version <= View.Current.Version)
            throw new InvalidOperationException($"Version {snapshot.Version} does not follow {View.Current.Version}.");
        _publish(snapshot);
    }
}
