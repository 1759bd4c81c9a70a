using Gateway.Actors.Routing.Peers;

namespace Gateway.Actors.Cluster;

/// <summary>Gateways tell each other which prefixes they have sent where.</summary>
public sealed class PrefixTopic(PrefixSharing sharing) : IPeerTopic
{
    /// <summary>Of 64 KiB each; what comes on top waits for the next round.</summary>
    private const int MostDigests = 16;

    public string Name => "prefixes";

    public IReadOnlyList<byte[]> Collect()
    {
        var digests = new List<byte[]>();
        while (digests.Count < MostDigests && sharing.TakeDigest() is { } digest)
            digests.Add(digest);
        return digests;
    }

    /// <summary>What another version tells, or who has another secret, is of no use and no fault.</summary>
    public void Receive(PeerId peer, ReadOnlySpan<byte> piece)
    {
        if (sharing.Learn(piece) == DigestOutcome.Garbage)
            throw new FormatException("it is no digest of prefixes");
    }

    /// <summary>What a gateway has sent to workers is in their caches, also after it has gone.</summary>
    public void Forget(PeerId peer)
    {
    }
}
