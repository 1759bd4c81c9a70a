using Gateway.Actors.Workers;

namespace Gateway.Actors.Cluster;

/// <summary>What <see cref="BootstrapActor"/> of one gateway asks that of another before they are in one cluster.</summary>
internal static class BootstrapProtocol
{
    /// <summary>Which cluster are you in?</summary>
    public sealed record Ask;

    /// <param name="Members">Addresses of the cluster's members, as Akka writes them; empty if it is in none.</param>
    public sealed record Answer(EquatableArray<string> Members);
}
