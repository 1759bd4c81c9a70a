using System.Text.Json;
using Gateway.Text.Tokenizers.Decoders;
using Gateway.Text.Tokenizers.PreTokenizers;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>Reads the decoder of tokenizer.json.</summary>
internal static class DecoderJson
{
    public static List<TokenDecoder> Read(JsonElement json)
    {
        var decoders = new List<TokenDecoder>();
        Add(json, decoders);
        return decoders;
    }

    private static void Add(JsonElement json, List<TokenDecoder> decoders)
    {
        var type = json.Text("type");
        if (type == "Sequence")
        {
            foreach (var part in json.Items("decoders"))
                Add(part, decoders);
            return;
        }
        decoders.Add(type switch
        {
            "ByteLevel" => new ByteLevelDecoder(),
            "ByteFallback" => new ByteFallbackDecoder(),
            "Fuse" => new FuseDecoder(),
            "Strip" => new StripDecoder(json.Character("content"), json.Number("start"), json.Number("stop")),
            "Replace" => new ReplaceDecoder(
                PatternJson.Read(json.Field("pattern")),
                json.Text("content"),
                json.Field("pattern")?.TextOrNull("String")?.Length == 1),
            "Metaspace" => new MetaspaceDecoder(json.Character("replacement"), MetaspacePreTokenizer.SchemeOf(json) != MetaspaceScheme.Never),
            "WordPiece" => new WordPieceDecoder(json.TextOrNull("prefix") ?? "##", json.Flag("cleanup", otherwise: true)),
            "BPEDecoder" => new BpeSuffixDecoder(json.TextOrNull("suffix") ?? "</w>"),
            _ => throw new TokenizerFormatException($"Decoders of type {type} are not supported."),
        });
    }
}
