using System.Buffers.Binary;
using System.Text;
using Akka.Actor;
using Akka.Serialization;
using Gateway.Actors.Registrations;
using Gateway.Actors.Registrations.Wire;
using Google.Protobuf;

namespace Gateway.Actors.Cluster;

/// <summary>How our messages between gateways look on the wire. Types are never named there: nobody can make this process build another one.</summary>
internal sealed class ClusterSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string PieceManifest = "p";
    private const string ShardManifest = "r";
    private const string AskManifest = "q";
    private const string AnswerManifest = "a";
    private const char Separator = '\n';

    public override string Manifest(object o) => o switch
    {
        PeerProtocol.Piece => PieceManifest,
        RegistrationShard => ShardManifest,
        BootstrapProtocol.Ask => AskManifest,
        BootstrapProtocol.Answer => AnswerManifest,
        _ => throw new ArgumentException($"{o.GetType()} is not sent to other gateways", nameof(o)),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        PeerProtocol.Piece piece => Write(piece),
        RegistrationShard shard => RegistrationWire.Write(shard.Registrations).ToByteArray(),
        BootstrapProtocol.Ask => [],
        BootstrapProtocol.Answer answer => Encoding.UTF8.GetBytes(string.Join(Separator, answer.Members)),
        _ => throw new ArgumentException($"{obj.GetType()} is not sent to other gateways", nameof(obj)),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        PieceManifest => ReadPiece(bytes),
        ShardManifest => new RegistrationShard(RegistrationWire.Read(RegistrationList.Parser.ParseFrom(bytes))),
        AskManifest => new BootstrapProtocol.Ask(),
        AnswerManifest => new BootstrapProtocol.Answer([.. Encoding.UTF8.GetString(bytes).Split(Separator, StringSplitOptions.RemoveEmptyEntries)]),
        _ => throw new FormatException($"'{manifest}' is no message between gateways that this version knows"),
    };

    private static byte[] Write(PeerProtocol.Piece piece)
    {
        var length = Encoding.UTF8.GetByteCount(piece.Topic);
        var bytes = new byte[sizeof(ushort) + length + piece.Content.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)length);
        Encoding.UTF8.GetBytes(piece.Topic, bytes.AsSpan(sizeof(ushort)));
        piece.Content.CopyTo(bytes, sizeof(ushort) + length);
        return bytes;
    }

    private static PeerProtocol.Piece ReadPiece(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(ushort))
            throw new FormatException("the piece is cut off");
        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var rest = bytes[sizeof(ushort)..];
        return length <= PeerProtocol.MaxTopicLength && length <= rest.Length
            ? new PeerProtocol.Piece(Encoding.UTF8.GetString(rest[..length]), rest[length..].ToArray())
            : throw new FormatException("the piece has no topic");
    }
}
