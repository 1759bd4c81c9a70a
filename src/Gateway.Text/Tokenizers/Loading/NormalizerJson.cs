using System.Text.Json;
using Gateway.Text.Tokenizers.Normalizers;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>Reads the normalizer of tokenizer.json.</summary>
internal static class NormalizerJson
{
    public static Normalizer Read(JsonElement json)
    {
        var type = json.Text("type");
        return type switch
        {
            "Sequence" => new SequenceNormalizer([.. json.Items("normalizers").Select(Read)]),
            "NFC" => new UnicodeNormalizer(composing: true, compatible: false),
            "NFD" => new UnicodeNormalizer(composing: false, compatible: false),
            "NFKC" => new UnicodeNormalizer(composing: true, compatible: true),
            "NFKD" => new UnicodeNormalizer(composing: false, compatible: true),
            "Lowercase" => new LowercaseNormalizer(),
            "StripAccents" => new StripAccentsNormalizer(),
            "Strip" => new StripNormalizer(json.Flag("strip_left", otherwise: true), json.Flag("strip_right", otherwise: true)),
            "Replace" => new ReplaceNormalizer(PatternJson.Read(json.Field("pattern")), json.Text("content")),
            "Prepend" => new PrependNormalizer(json.Text("prepend")),
            "BertNormalizer" => ReadBert(json),
            "Precompiled" => new PrecompiledNormalizer(ReadTable(json)),
            "ByteLevel" => new ByteLevelNormalizer(),
            "Nmt" => new NmtNormalizer(),
            _ => throw new TokenizerFormatException($"Normalizers of type {type} are not supported."),
        };
    }

    private static BertNormalizer ReadBert(JsonElement json)
    {
        var lowers = json.Flag("lowercase", otherwise: true);
        return new BertNormalizer(
            json.Flag("clean_text", otherwise: true),
            json.Flag("handle_chinese_chars", otherwise: true),
            json.Flag("strip_accents", otherwise: lowers),
            lowers);
    }

    private static byte[] ReadTable(JsonElement json)
    {
        try
        {
            return Convert.FromBase64String(json.Text("precompiled_charsmap"));
        }
        catch (FormatException error)
        {
            throw new TokenizerFormatException("The table of the Precompiled normalizer is not base64.", error);
        }
    }
}
