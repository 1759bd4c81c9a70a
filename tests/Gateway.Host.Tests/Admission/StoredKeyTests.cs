using System.Diagnostics;
using System.Text;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;
using Gateway.Host.Configuration;

namespace Gateway.Host.Tests.Admission;

public sealed class StoredKeyTests
{
    /// <summary>SHA-256 of "abc" (FIPS 180-2, B.1).</summary>
    private const string OfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    [Theory]
    [InlineData("abc")]
    [InlineData("sha256:" + OfAbc)]
    [InlineData("sha256:a:" + OfAbc, "bc")]
    [InlineData("sha256:ab:" + OfAbc, "c")]
    public void A_key_matches_itself_however_it_is_written(string written, string key = "abc")
    {
        var stored = StoredKey.Of(new Secret(written));

        Assert.True(stored.Matches(Encoding.UTF8.GetBytes(key)));
        Assert.False(stored.Matches(Encoding.UTF8.GetBytes(key + "d")));
        Assert.False(stored.Matches(Encoding.UTF8.GetBytes(written + "d")));
    }

    [Fact]
    public void The_hash_itself_is_no_key() =>
        Assert.False(StoredKey.Of(new Secret("sha256:" + OfAbc)).Matches(Encoding.UTF8.GetBytes("sha256:" + OfAbc)));

    [Theory]
    [InlineData("sha256:")]
    [InlineData("sha256:abc")]
    [InlineData("sha256::" + OfAbc)]
    [InlineData("sha256:a:b:" + OfAbc)]
    [InlineData("sha256:za7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void What_begins_as_a_hash_must_be_one(string written)
    {
        var failure = Assert.Throws<FormatException>(() => StoredKey.Of(new Secret(written)));

        Assert.DoesNotContain("ba7816", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ring_finds_keys_of_every_kind_and_length_and_nobody_elses()
    {
        var tenant = new Tenant { Name = "t" };
        var keys = Enumerable.Range(0, 30).Select(i => new string((char)('a' + i % 26), 1 + (i * 40))).Append("plain").Append("in-salt").ToArray();
        (Secret, KeyHolder)[] written =
        [
            .. keys.Select((key, i) => (new Secret(Written(key, i % 3 == 0 ? "" : i % 3 == 1 ? "pepper" : "s" + i)), new KeyHolder(key, KeyRole.User, tenant))),
        ];
        var ring = new KeyRing(written);

        Assert.All(keys, key => Assert.Equal(key, ring.Find(Encoding.UTF8.GetBytes(key))?.Name));
        Assert.All(keys, key => Assert.Null(ring.Find(Encoding.UTF8.GetBytes(key + "?"))));
        Assert.Null(new KeyRing([]).Find("a"u8));
    }

    [Fact]
    public void Looking_a_key_up_allocates_nothing()
    {
        var tenant = new Tenant { Name = "t" };
        var ring = new KeyRing([(new Secret("one"), new KeyHolder("1", KeyRole.User, tenant)), (new Secret(Written("two", "salt")), new KeyHolder("2", KeyRole.User, tenant))]);
        ring.Find("two"u8);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var found = (ring.Find("one"u8), ring.Find("two"u8), ring.Find("three"u8));

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(("1", "2", null), (found.Item1?.Name, found.Item2?.Name, found.Item3?.Name));
    }

    [Fact]
    public void The_command_makes_a_key_and_a_hash_that_belong_together()
    {
        var lines = NewKey.Text().Split('\n');
        var (key, hash) = (lines[0]["key:  ".Length..], lines[1]["hash: ".Length..]);

        Assert.True(StoredKey.Of(new Secret(hash)).Matches(Encoding.UTF8.GetBytes(key)));
        Assert.NotEqual(lines[0], NewKey.Text().Split('\n')[0]);
        Assert.IsType<CommandLineRequest.MakeKey>(CommandLine.Parse(["keys", "new"]));
    }

    /// <summary>As docs/operations.md says.</summary>
    [Theory]
    [InlineData("printf %s \"$KEY\" | openssl dgst -sha256 -r | cut -d ' ' -f 1", "sha256:")]
    [InlineData("printf %s \"pepper$KEY\" | openssl dgst -sha256 -r | cut -d ' ' -f 1", "sha256:pepper:")]
    public async Task The_documented_line_makes_the_hash_of_a_key(string line, string prefix)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", line]) { RedirectStandardOutput = true, Environment = { ["KEY"] = "some-key" } })!;
        var hash = (await shell.StandardOutput.ReadToEndAsync()).Trim();

        Assert.True(StoredKey.Of(new Secret(prefix + hash)).Matches("some-key"u8));
    }

    private static string Written(string key, string salt)
    {
        Span<byte> digest = stackalloc byte[StoredKey.DigestLength];
        StoredKey.Hash(Encoding.UTF8.GetBytes(salt), Encoding.UTF8.GetBytes(key), digest);
        return StoredKey.Prefix + (salt.Length > 0 ? salt + ":" : "") + Convert.ToHexString(digest);
    }
}
