using CsCheck;
using Gateway.Actors.Routing.Peers;
using Gateway.Actors.Workers;

namespace Gateway.Actors.Tests.Routing.Peers;

public sealed class PlacementDigestTests
{
    private const ulong Secret = 42;

    private static readonly Gen<Dictionary<string, Dictionary<WorkerId, HashSet<ulong>>>> Placed =
        Gen.Dictionary(
            Gen.String[0, 40],
            Gen.Dictionary(Gen.Guid.Select(static guid => new WorkerId(guid)), Gen.ULong.HashSet[0, 60])[0, 6])[0, 4];

    [Fact]
    public void What_is_written_is_read() => Placed.Sample(placed =>
    {
        var (outcome, read) = Read(PlacementDigest.Write(Secret, placed));
        Assert.Equal(DigestOutcome.Learned, outcome);
        var expected = placed.SelectMany(static model => model.Value.Select(worker => (model.Key, worker.Key, string.Join(',', worker.Value))));
        Assert.Equal(expected, read);
    });

    [Fact]
    public void One_that_is_cut_short_or_too_long_is_refused_whole() => Gen.Select(Placed, Gen.Int[0, int.MaxValue]).Sample((placed, where) =>
    {
        var digest = PlacementDigest.Write(Secret, placed);
        AssertRefused(digest[..(where % digest.Length)], DigestOutcome.Garbage);
        AssertRefused([.. digest, 0], DigestOutcome.Garbage);
    });

    [Fact]
    public void Bytes_that_mean_nothing_are_refused_or_read_and_never_break_anything() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        // Behind a head that is right, so that the rest is looked at.
        var (outcome, read) = Read([.. PlacementDigest.Write(Secret, new Dictionary<string, Dictionary<WorkerId, HashSet<ulong>>>())[..^2], .. bytes]);
        Assert.Contains(outcome, new[] { DigestOutcome.Garbage, DigestOutcome.Learned });
        Assert.True(outcome == DigestOutcome.Learned || read.Count == 0);
        _ = Read(bytes);
    });

    [Fact]
    public void One_with_a_bit_changed_never_breaks_anything() => Gen.Select(Placed, Gen.Int[0, int.MaxValue]).Sample((placed, where) =>
    {
        var digest = PlacementDigest.Write(Secret, placed);
        digest[where / 8 % digest.Length] ^= (byte)(1 << (where % 8));
        _ = Read(digest);
    });

    [Fact]
    public void One_larger_than_any_that_is_written_is_refused() =>
        AssertRefused(new byte[PlacementDigest.MostBytes + 1], DigestOutcome.Garbage);

    [Fact]
    public void One_of_another_version_or_secret_is_refused()
    {
        var digest = PlacementDigest.Write(Secret, new Dictionary<string, Dictionary<WorkerId, HashSet<ulong>>> { ["m"] = new() { [new WorkerId(Guid.NewGuid())] = [1] } });
        AssertRefused([PlacementDigest.Version + 1, .. digest[1..]], DigestOutcome.OtherVersion);
        digest[5] ^= 1;
        AssertRefused(digest, DigestOutcome.OtherSecret);
    }

    private static void AssertRefused(byte[] digest, DigestOutcome why)
    {
        var (outcome, read) = Read(digest);
        Assert.Equal(why, outcome);
        Assert.Empty(read);
    }

    private static (DigestOutcome Outcome, List<(string Model, WorkerId Worker, string Keys)> Read) Read(byte[] digest)
    {
        var read = new List<(string, WorkerId, string)>();
        var outcome = PlacementDigest.Read(digest, Secret, (model, worker, keys) => read.Add((model, worker, string.Join(',', keys))));
        return (outcome, read);
    }
}
