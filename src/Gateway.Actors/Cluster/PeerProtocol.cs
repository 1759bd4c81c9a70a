namespace Gateway.Actors.Cluster;

/// <summary>What <see cref="PeersActor"/> of one gateway tells that of another.</summary>
internal static class PeerProtocol
{
    /// <summary>Longer names are garbage.</summary>
    public const int MaxTopicLength = 64;

    /// <param name="Topic">Of which <see cref="IPeerTopic"/>.</param>
    /// <param name="Content">In that topic's own form. Nobody changes it.</param>
    public sealed record Piece(string Topic, byte[] Content);
}
