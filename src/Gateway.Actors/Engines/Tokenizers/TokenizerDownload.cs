using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Gateway.Actors.Engines.Generation;
using Gateway.Wire.Common;
using Grpc.Core;

namespace Gateway.Actors.Engines.Tokenizers;

/// <summary>
/// Takes an engine's tokenizer, a ZIP in pieces, to a folder that is named after its digest. An engine is trusted no further than it must be:
/// what is too large, has another digest than announced, or would write elsewhere is refused as a whole.
/// </summary>
/// <param name="limits">How large it may be.</param>
internal sealed class TokenizerDownload(TokenizerLimits limits)
{
    /// <summary>Of the UNIX file mode, which the upper half of a ZIP entry's attributes is.</summary>
    private const int FileTypeMask = 0xF000;

    private const int RegularFile = 0x8000;

    private const int BufferBytes = 1 << 16;

    /// <param name="call">The engine's pieces.</param>
    /// <param name="cache">The folder that gets a folder for it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The folder with its files.</returns>
    /// <exception cref="EngineException">What came is refused; the message says why.</exception>
    /// <exception cref="RpcException">The call failed.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public async Task<string> RunAsync(AsyncServerStreamingCall<GetTokenizerChunk> call, string cache, CancellationToken cancellation)
    {
        Directory.CreateDirectory(cache);
        var name = Guid.NewGuid().ToString("n", CultureInfo.InvariantCulture);
        var archive = new FileStream(
            Path.Combine(cache, $"{name}.zip"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferBytes, FileOptions.Asynchronous | FileOptions.DeleteOnClose);
        await using (archive.ConfigureAwait(false))
        {
            var digest = await ReceiveAsync(call, archive, cancellation).ConfigureAwait(false);
            var folder = Path.Combine(cache, digest);
            if (Directory.Exists(folder))
                return folder;
            var partial = Path.Combine(cache, name);
            try
            {
                Directory.CreateDirectory(partial);
                Extract(archive, partial);
                Directory.Move(partial, folder);
            }
            catch (InvalidDataException exception)
            {
                throw Refuse("it is not a ZIP", exception);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                // Another download of the same tokenizer was first.
            }
            finally
            {
                if (Directory.Exists(partial))
                    Directory.Delete(partial, recursive: true);
            }

            return folder;
        }
    }

    /// <returns>The digest, as 64 lower-case hexadecimal digits.</returns>
    private async Task<string> ReceiveAsync(AsyncServerStreamingCall<GetTokenizerChunk> call, FileStream archive, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var announced = "";
        while (await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false))
        {
            var chunk = call.ResponseStream.Current;
            if (archive.Length + chunk.Data.Length > limits.ArchiveBytes)
                throw Refuse($"it is larger than {limits.ArchiveBytes} bytes");
            hash.AppendData(chunk.Data.Span);
            await archive.WriteAsync(chunk.Data.Memory, cancellation).ConfigureAwait(false);
            if (chunk.Sha256.Length > 0)
                announced = chunk.Sha256;
        }

        await archive.FlushAsync(cancellation).ConfigureAwait(false);
        var digest = Convert.ToHexStringLower(hash.GetCurrentHash());
        if (announced.Length == 0)
            throw Refuse("no SHA-256 came with it");
        return digest.Equals(announced, StringComparison.OrdinalIgnoreCase) ? digest : throw Refuse("its SHA-256 is another than announced");
    }

    private void Extract(FileStream archive, string folder)
    {
        archive.Position = 0;
        using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        if (zip.Entries.Count > limits.Files)
            throw Refuse($"it has more than {limits.Files} files");
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var buffer = new byte[BufferBytes];
        var left = limits.ExtractedBytes;
        foreach (var entry in zip.Entries)
        {
            if (!IsPlainFile(entry) || !names.Add(entry.FullName))
                throw Refuse("it has something other than different files side by side");
            using var target = new FileStream(Path.Combine(folder, entry.FullName), FileMode.CreateNew, FileAccess.Write);
            using var source = entry.Open();
            // What a ZIP says of the sizes of its files is the engine's word: what really comes counts.
            for (int read; (read = source.Read(buffer)) > 0; target.Write(buffer.AsSpan(0, read)))
            {
                left -= read;
                if (left < 0)
                    throw Refuse($"its files are larger than {limits.ExtractedBytes} bytes");
            }
        }
    }

    /// <summary>Only a file of this very folder: nothing with a path in its name, no folder, no link, no device.</summary>
    private static bool IsPlainFile(ZipArchiveEntry entry)
    {
        var name = entry.FullName;
        var type = (entry.ExternalAttributes >> 16) & FileTypeMask;
        return name.Length is > 0 and <= 255
            && name.AsSpan().IndexOfAny('/', '\\', ':') < 0
            && !name.AsSpan().ContainsAnyInRange('\0', '\x1f')
            && name.AsSpan().Trim('.').Length > 0
            && type is 0 or RegularFile;
    }

    private static EngineException Refuse(string reason, Exception? inner = null) =>
        new(EngineFault.Failed, $"the engine's tokenizer is refused: {reason}", inner);
}

/// <summary>How large a tokenizer may be. The largest of today's models are below 50 MB.</summary>
/// <param name="ArchiveBytes">As it comes.</param>
/// <param name="ExtractedBytes">All its files together.</param>
/// <param name="Files">How many.</param>
internal sealed record TokenizerLimits(long ArchiveBytes = 256L << 20, long ExtractedBytes = 1L << 30, int Files = 256)
{
    public static TokenizerLimits Default { get; } = new();
}
