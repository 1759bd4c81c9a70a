using System.IO.Compression;
using System.Security.Cryptography;
using Gateway.Actors.Engines.Generation;
using Gateway.Actors.Tests.Support;
using Gateway.Actors.Tests.Support.Fakes;
using Gateway.Wire.Common;
using Google.Protobuf;

namespace Gateway.Actors.Tests.Engines;

/// <summary>An engine's tokenizer, from engines that mean well and others.</summary>
public sealed class TokenizerDownloadTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("tokenizers").FullName;

    private string Cache => Path.Combine(_root, "cache");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task It_is_put_into_a_folder_that_is_named_after_its_digest()
    {
        var zip = Zip(("tokenizer.json", "{}"), ("chat_template.jinja", "{{ x }}"));
        var folder = await DownloadAsync(zip);
        Assert.Equal(Path.Combine(Cache, Digest(zip)), folder);
        Assert.Equal("{}", File.ReadAllText(Path.Combine(folder, "tokenizer.json")));
        Assert.Equal("{{ x }}", File.ReadAllText(Path.Combine(folder, "chat_template.jinja")));
        Assert.Equal(folder, await DownloadAsync(zip));
        Assert.Equal([folder], Directory.GetFileSystemEntries(Cache));
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("..\\evil")]
    [InlineData("/tmp/evil")]
    [InlineData("C:evil")]
    [InlineData("folder/evil")]
    [InlineData("folder/")]
    [InlineData("..")]
    [InlineData("a\0b")]
    public async Task Nothing_is_written_elsewhere(string name) => await RefusesAsync(Zip(("tokenizer.json", "{}"), (name, "x")));

    [Fact]
    public async Task A_link_is_refused()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = zip.CreateEntry("tokenizer.json");
            entry.ExternalAttributes = unchecked((int)0xA1FF0000);
            using var writer = new StreamWriter(entry.Open());
            writer.Write("/etc/passwd");
        }

        await RefusesAsync(bytes.ToArray());
    }

    [Fact]
    public async Task Two_files_of_one_name_are_refused() => await RefusesAsync(Zip(("a", "1"), ("A", "2")));

    [Fact]
    public async Task Too_many_files_are_refused() =>
        await RefusesAsync(Zip([.. Enumerable.Range(0, 257).Select(static i => ($"f{i}", ""))]));

    [Fact]
    public async Task What_grows_without_end_when_it_is_unpacked_is_refused()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = zip.CreateEntry("bomb").Open();
            var zeros = new byte[1 << 20];
            for (var i = 0; i <= 1024; i++)
                entry.Write(zeros);
        }

        await RefusesAsync(bytes.ToArray());
    }

    [Fact]
    public async Task An_archive_that_is_too_large_is_not_received_to_its_end()
    {
        var chunk = new GetTokenizerChunk { Data = ByteString.CopyFrom(new byte[1 << 20]) };
        var sent = 0;
        await RefusesAsync(new FakeSgLang
        {
            OnGetTokenizer = async answer =>
            {
                for (; sent < 1024; sent++)
                    await answer.WriteAsync(chunk);
            },
        });
        Assert.InRange(sent, 256, 1023);
    }

    [Fact]
    public async Task Another_digest_than_announced_is_refused() => await RefusesAsync(Zip(("a", "1")), new string('0', 64));

    [Fact]
    public async Task An_archive_without_a_digest_is_refused() => await RefusesAsync(Zip(("a", "1")), "");

    [Fact]
    public async Task What_is_no_archive_is_refused() => await RefusesAsync([1, 2, 3]);

    [Fact]
    public async Task An_engine_without_one_says_so() => await RefusesAsync(new FakeSgLang());

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Zip(params (string Name, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(text);
            }
        }

        return bytes.ToArray();
    }

    private static FakeSgLang Engine(byte[] zip, string digest) => new()
    {
        OnGetTokenizer = async answer =>
        {
            const int Piece = 64 * 1024;
            for (var at = 0; at < zip.Length; at += Piece)
            {
                var isLast = at + Piece >= zip.Length;
                await answer.WriteAsync(new GetTokenizerChunk
                {
                    Data = ByteString.CopyFrom(zip.AsSpan(at, Math.Min(Piece, zip.Length - at))),
                    Sha256 = isLast ? digest : "",
                });
            }
        },
    };

    private Task<string> DownloadAsync(byte[] zip) => DownloadAsync(Engine(zip, Digest(zip)));

    private async Task<string> DownloadAsync(FakeSgLang engine)
    {
        await using var server = await GrpcServer.StartAsync(engine);
        using var client = await GrpcServer.ConnectAsync(server);
        return await client.GetTokenizerAsync(Cache, TimeSpan.FromMinutes(1), CancellationToken.None);
    }

    private Task RefusesAsync(byte[] zip, string? digest = null) => RefusesAsync(Engine(zip, digest ?? Digest(zip)));

    /// <summary>And leaves nothing behind, here or elsewhere.</summary>
    private async Task RefusesAsync(FakeSgLang engine)
    {
        Assert.Equal(EngineFault.Failed, (await Assert.ThrowsAsync<EngineException>(() => DownloadAsync(engine))).Fault);
        Assert.Empty(Directory.GetFileSystemEntries(Cache));
        Assert.Equal([Cache], Directory.GetFileSystemEntries(_root));
    }
}
