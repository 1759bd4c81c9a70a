using System.IO.Compression;
using System.Security.Cryptography;
using Gateway.Wire.Common;
using Google.Protobuf;
using Grpc.Core;

namespace Gateway.Simulator.Grpc;

/// <summary>Sends the files of the model's tokenizer as a ZIP, in pieces.</summary>
internal static class TokenizerArchive
{
    // What SGLang's and vLLM's services send at once.
    private const int PieceBytes = 64 << 10;

    public static async Task SendAsync(SimulatorOptions options, IServerStreamWriter<GetTokenizerChunk> output)
    {
        if (options.TokenizerFolder is not { } folder || !Directory.Exists(folder))
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "This worker has no tokenizer."));
        var zip = Pack(folder);
        for (var at = 0; at < zip.Length; at += PieceBytes)
        {
            var length = Math.Min(PieceBytes, zip.Length - at);
            var isLast = at + length == zip.Length;
            await output.WriteAsync(new GetTokenizerChunk
            {
                Data = ByteString.CopyFrom(zip, at, length),
                Sha256 = isLast ? Convert.ToHexStringLower(SHA256.HashData(zip)) : "",
            });
        }
    }

    private static byte[] Pack(string folder)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
                zip.CreateEntryFromFile(file, Path.GetFileName(file), CompressionLevel.Fastest);
        }

        return bytes.ToArray();
    }
}
