namespace Gateway.Actors.Cluster;

/// <summary>
/// Something that gateways tell each other about once a second: what each has on the workers, what it has used up of a limit. What is told
/// is a hint that may be late, lost or a moment old; nobody waits for it. Its methods are called by one actor, one at a time, and must not block.
/// </summary>
public interface IPeerTopic
{
    /// <summary>Far below what the transport takes as one message.</summary>
    const int MaxPieceBytes = 256 * 1024;

    /// <summary>Short, and never changed: gateways of two versions meet during an upgrade. One that does not know a topic ignores it.</summary>
    string Name { get; }

    /// <summary>What to tell every peer now, in pieces of at most <see cref="MaxPieceBytes"/>; none if there is nothing to tell.</summary>
    IReadOnlyList<byte[]> Collect();

    /// <summary>Takes a piece of what a peer has told.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    void Receive(PeerId peer, ReadOnlySpan<byte> piece);

    /// <summary>The peer has left, died, or was cut off for good.</summary>
    void Forget(PeerId peer);
}

/// <summary>One life of a gateway in the cluster: after a restart it is another peer.</summary>
/// <param name="Address">Where it can be reached, as <c>host:port</c>.</param>
/// <param name="Life">Tells the lives at one address apart.</param>
public readonly record struct PeerId(string Address, long Life)
{
    public override string ToString() => Address;
}
