using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Wire.Common;
using Google.Protobuf;
using Grpc.Core;

namespace Gateway.Host.Tests.EndToEnd;

/// <summary>The files of a model in whose tokenizer a token is a byte, and its id the byte and an offset.</summary>
internal static class ByteTokenizer
{
    public static uint[] Tokens(string text, int offset = 0) => [.. Encoding.UTF8.GetBytes(text).Select(value => (uint)(value + offset))];

    /// <summary>A <c>tokenizer.json</c>: the byte-level alphabet of GPT-2 without any merge. What prints stands for itself, the rest from U+0100 on.</summary>
    /// <param name="offset">Of the ids.</param>
    /// <param name="pairs">True for a model that takes pairs of texts, between the bytes 1 and 2 as BERT has them between [CLS] and [SEP].</param>
    /// <param name="specialTokens">Their ids follow those of the bytes.</param>
    public static string Json(int offset = 0, bool pairs = false, params IReadOnlyList<string> specialTokens)
    {
        var vocabulary = new Dictionary<string, int>();
        var next = 0x100;
        for (var value = 0; value < 256; value++)
        {
            var prints = value is (>= '!' and <= '~') or (>= 0xa1 and <= 0xac) or (>= 0xae and <= 0xff);
            vocabulary[((char)(prints ? value : next++)).ToString()] = value + offset;
        }

        return JsonSerializer.Serialize(new
        {
            added_tokens = specialTokens.Select((token, index) => new
            {
                id = 256 + offset + index,
                content = token,
                single_word = false,
                lstrip = false,
                rstrip = false,
                normalized = false,
                special = true,
            }),
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = true },
            decoder = new { type = "ByteLevel" },
            post_processor = pairs ? new { type = "BertProcessing", sep = new object[] { "\u0002", 2 }, cls = new object[] { "\u0001", 1 } } : null,
            model = new { type = "BPE", vocab = vocabulary, merges = Array.Empty<string>() },
        });
    }

    /// <summary>A folder with it, and with a chat template if one is given. The caller deletes it.</summary>
    public static string Folder(int offset = 0, string? chatTemplate = null)
    {
        var folder = Directory.CreateTempSubdirectory("bytes-").FullName;
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), Json(offset));
        if (chatTemplate is not null)
            File.WriteAllText(Path.Combine(folder, "chat_template.jinja"), chatTemplate);
        return folder;
    }

    /// <summary>Gives it as an engine does.</summary>
    public static Task GiveAsync(IServerStreamWriter<GetTokenizerChunk> answer) => GiveAsync(answer, Json());

    public static async Task GiveAsync(IServerStreamWriter<GetTokenizerChunk> answer, string tokenizerJson)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var writer = new StreamWriter(zip.CreateEntry("tokenizer.json").Open());
            await writer.WriteAsync(tokenizerJson);
        }

        var archive = bytes.ToArray();
        await answer.WriteAsync(new GetTokenizerChunk { Data = ByteString.CopyFrom(archive), Sha256 = Convert.ToHexStringLower(SHA256.HashData(archive)) });
    }
}
