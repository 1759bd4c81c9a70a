using Akka.Actor;
using Akka.TestKit.Xunit2;
using CsCheck;
using Gateway.Actors.Cluster;
using Gateway.Actors.Registrations;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Cluster;

public sealed class ClusterSerializerTests : TestKit
{
    public ClusterSerializerTests()
        : base("""
            akka.actor {
              serializers.gateway = "Gateway.Actors.Cluster.ClusterSerializer, Gateway.Actors"
              serialization-identifiers { "Gateway.Actors.Cluster.ClusterSerializer, Gateway.Actors" = 4711 }
            }
            """) =>
        Serializer = new ClusterSerializer((ExtendedActorSystem)Sys);

    private ClusterSerializer Serializer { get; }

    [Fact]
    public void What_gateways_tell_each_other_arrives_as_it_was_sent()
    {
        var piece = Assert.IsType<PeerProtocol.Piece>(Repeat(new PeerProtocol.Piece("loads", [1, 2, 3])));
        Assert.Equal("loads", piece.Topic);
        Assert.Equal<byte>([1, 2, 3], piece.Content);
        Assert.Equal(["a", "b"], Assert.IsType<BootstrapProtocol.Answer>(Repeat(new BootstrapProtocol.Answer(["a", "b"]))).Members);
        Assert.Empty(Assert.IsType<BootstrapProtocol.Answer>(Repeat(new BootstrapProtocol.Answer([]))).Members);
        Assert.IsType<BootstrapProtocol.Ask>(Repeat(new BootstrapProtocol.Ask()));
        var registration = new Registration(WorkerUrl.Parse("http://a:1"), 3, DateTimeOffset.UnixEpoch, Make.Spec("http://a:1", "m"));
        var shard = new RegistrationShard(RegistrationMap.Empty.With(registration));
        Assert.Equal(shard, Repeat(shard));
    }

    [Fact]
    public void Garbage_is_refused() =>
        Gen.Select(Gen.Byte.Array[0, 40], Gen.OneOf(Gen.Const("p"), Gen.Const("r"), Gen.Const("x"), Gen.Const("q"), Gen.Const("a"))).Sample((bytes, manifest) =>
        {
            try
            {
                Serializer.FromBinary(bytes, manifest);
            }
            catch (Exception refusal) when (refusal is FormatException or Google.Protobuf.InvalidProtocolBufferException or ArgumentException)
            {
                // As it should be: Akka logs it and goes on.
            }
        });

    [Fact]
    public void Nothing_else_can_be_sent_to_another_gateway() =>
        Assert.Throws<ArgumentException>(() => Serializer.Manifest("text"));

    private object Repeat(object message) => Serializer.FromBinary(Serializer.ToBinary(message), Serializer.Manifest(message));
}
