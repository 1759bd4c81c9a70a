using System.Buffers.Binary;
using Akka.Actor;
using Gateway.Actors.Discovery.Leases;
using Gateway.Actors.Registry;
using Gateway.Actors.Workers;
using static Gateway.Actors.Discovery.Leases.LeaseProtocol;

namespace Gateway.Actors.Cluster;

/// <summary>
/// Gateways tell each other which workers have renewed their leases: a worker that registers itself through a load balancer renews at one
/// gateway this time and at another the next, and must be drained by none.
/// </summary>
/// <param name="fleet">The registry's view.</param>
/// <param name="leases">The leases here.</param>
/// <param name="lessor">The <see cref="LeaseActor"/>; asked for when it is there.</param>
public sealed class LeaseTopic(RegistryView fleet, LeaseView leases, Func<IActorRef> lessor) : IPeerTopic
{
    private const int EntryBytes = 16 + sizeof(long);
    private const int MostEntries = IPeerTopic.MaxPieceBytes / EntryBytes;

    /// <summary>Of leases that were renewed here: when they expire, as it was told last.</summary>
    private readonly Dictionary<WorkerId, DateTimeOffset> _told = [];

    public string Name => "leases";

    public IReadOnlyList<byte[]> Collect()
    {
        var news = new List<(WorkerId Id, TimeSpan Duration)>();
        var current = leases.Current;
        foreach (var (id, lease) in current)
        {
            if (lease.IsHeard || _told.GetValueOrDefault(id) == lease.Expires)
                continue;
            _told[id] = lease.Expires;
            news.Add((id, lease.Duration));
        }

        foreach (var id in _told.Keys)
        {
            if (current.ContainsKey(id))
                continue;
            _told.Remove(id);
            // It stays without renewals from now on; or it has gone, and its lease with it.
            news.Add((id, TimeSpan.Zero));
        }

        return [.. news.Chunk(MostEntries).Select(Write)];
    }

    public void Receive(PeerId peer, ReadOnlySpan<byte> piece)
    {
        if (piece.Length % EntryBytes != 0)
            throw new FormatException("an entry is cut off");
        for (; !piece.IsEmpty; piece = piece[EntryBytes..])
        {
            var ticks = BinaryPrimitives.ReadInt64LittleEndian(piece[16..]);
            if (ticks < 0)
                throw new FormatException("a lease is shorter than nothing");
            if (CommandFor(new WorkerId(new Guid(piece[..16])), TimeSpan.FromTicks(ticks)) is { } command)
                lessor().Tell(command, ActorRefs.NoSender);
        }
    }

    /// <summary>Workers renew at another gateway, or not at all, and then they are drained.</summary>
    public void Forget(PeerId peer)
    {
    }

    /// <returns>Null for a worker that is not known here yet: its next renewal will find it.</returns>
    private ICommand? CommandFor(WorkerId id, TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return new Forget(id);
        if (leases.Find(id) is not null)
            return new Renew(id, duration, IsHeard: true);
        return fleet.Current.Workers.TryGetValue(id, out var entry) ? new Grant(id, duration, entry.Worker.Spec, IsHeard: true) : null;
    }

    private static byte[] Write((WorkerId Id, TimeSpan Duration)[] news)
    {
        var piece = new byte[news.Length * EntryBytes];
        for (var i = 0; i < news.Length; i++)
        {
            var entry = piece.AsSpan(i * EntryBytes);
            news[i].Id.Value.TryWriteBytes(entry);
            BinaryPrimitives.WriteInt64LittleEndian(entry[16..], news[i].Duration.Ticks);
        }

        return piece;
    }
}
