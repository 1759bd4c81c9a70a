using Gateway.Actors.Workers;

namespace Gateway.Actors.Cluster;

/// <summary>The gateways of the cluster as this one sees them. Anyone may read it; <see cref="PeersActor"/> writes it.</summary>
public sealed class ClusterView
{
    private volatile Members _members = new([]);

    /// <summary>In the order of their addresses; empty as long as this gateway has joined none.</summary>
    public EquatableArray<ClusterMember> Current => _members.All;

    internal void Show(EquatableArray<ClusterMember> members) => _members = new Members(members);

    private sealed record Members(EquatableArray<ClusterMember> All);
}

/// <param name="Address">As <c>host:port</c>.</param>
/// <param name="Status">Akka's word: Joining, WeaklyUp, Up, Leaving, Exiting or Down.</param>
/// <param name="IsReachable">False if its heartbeats are missing.</param>
/// <param name="IsSelf">It is this gateway.</param>
public sealed record ClusterMember(string Address, string Status, bool IsReachable, bool IsSelf);
