using System.Buffers.Binary;
using Gateway.Actors.Registry;
using Gateway.Actors.Routing.Peers;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Cluster;

/// <summary>Gateways tell each other what they have on each worker, so that each sees the whole load and not its own part of it.</summary>
public sealed class LoadTopic(RegistryView view, PeerLoads loads) : IPeerTopic
{
    private const int EntryBytes = 16 + sizeof(int) + sizeof(long);
    private const int MostEntries = IPeerTopic.MaxPieceBytes / EntryBytes;

    public string Name => "loads";

    /// <summary>One piece each time, also an empty one: what it does not name, this gateway has nothing on.</summary>
    public IReadOnlyList<byte[]> Collect()
    {
        var workers = view.Current.Workers.Values.Select(static entry => entry.Worker).ToArray();
        loads.Apply(workers);
        IEnumerable<PeerLoad> own = PeerLoad.Of(workers);
        // Of more than fit, which are many thousands, the busiest tell the most.
        if (own.Count() > MostEntries)
            own = own.OrderByDescending(static load => load.InFlight).Take(MostEntries);
        return [Write([.. own])];
    }

    public void Receive(PeerId peer, ReadOnlySpan<byte> piece)
    {
        if (piece.Length % EntryBytes != 0)
            throw new FormatException("an entry is cut off");
        var told = new PeerLoad[piece.Length / EntryBytes];
        for (var i = 0; i < told.Length; i++)
        {
            var entry = piece[(i * EntryBytes)..];
            told[i] = new PeerLoad(
                new WorkerId(new Guid(entry[..16])),
                BinaryPrimitives.ReadInt32LittleEndian(entry[16..]),
                BinaryPrimitives.ReadInt64LittleEndian(entry[20..]));
        }

        loads.Report(NameOf(peer), told);
    }

    public void Forget(PeerId peer) => loads.Forget(NameOf(peer));

    private static string NameOf(PeerId peer) => $"{peer.Address} {peer.Life}";

    private static byte[] Write(PeerLoad[] own)
    {
        var piece = new byte[own.Length * EntryBytes];
        for (var i = 0; i < own.Length; i++)
        {
            var entry = piece.AsSpan(i * EntryBytes);
            own[i].Worker.Value.TryWriteBytes(entry);
            BinaryPrimitives.WriteInt32LittleEndian(entry[16..], own[i].InFlight);
            BinaryPrimitives.WriteInt64LittleEndian(entry[20..], own[i].PendingPromptBytes);
        }

        return piece;
    }
}
