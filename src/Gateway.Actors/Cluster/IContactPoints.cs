namespace Gateway.Actors.Cluster;

/// <summary>Knows where other gateways may be.</summary>
public interface IContactPoints
{
    /// <summary>Those that are there now, this gateway included if it is listed.</summary>
    Task<IReadOnlyList<PeerAddress>> FindAsync(CancellationToken cancellation);
}
