using System.Text.Json;
using Gateway.Text.Tokenizers.PostProcessors;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>Reads the post-processor of tokenizer.json. Only what it does to a single text counts here: no pairs, no offsets.</summary>
internal static class PostProcessorJson
{
    public static SpecialFrame Read(JsonElement? json)
    {
        if (json is not { } processor)
            return SpecialFrame.None;
        var type = processor.Text("type");
        return type switch
        {
            "ByteLevel" => SpecialFrame.None,
            "TemplateProcessing" => ReadTemplate(processor),
            "BertProcessing" or "RobertaProcessing" => new SpecialFrame((int[])[IdOf(processor, "cls")], (int[])[IdOf(processor, "sep")]),
            "Sequence" => processor.Items("processors")
                .Aggregate(SpecialFrame.None, static (inner, part) => inner.Within(Read(part))),
            _ => throw new TokenizerFormatException($"Post-processors of type {type} are not supported."),
        };
    }

    private static SpecialFrame ReadTemplate(JsonElement processor)
    {
        List<int> before = [], after = [];
        var seen = false;
        foreach (var piece in processor.Items("single"))
        {
            if (piece.Field("Sequence") is not null)
            {
                if (seen)
                    throw new TokenizerFormatException("A template has its text twice.");
                seen = true;
                continue;
            }
            var name = piece.Field("SpecialToken")?.Text("id") ?? throw new TokenizerFormatException("A template has an unknown part.");
            var special = processor.Field("special_tokens")?.Field(name)
                ?? throw new TokenizerFormatException($"The template's token {name} is not among its special tokens.");
            (seen ? after : before).AddRange(special.Items("ids").Select(static id => id.GetInt32()));
        }
        return seen ? new SpecialFrame(before.ToArray(), after.ToArray()) : throw new TokenizerFormatException("A template has no place for the text.");
    }

    private static int IdOf(JsonElement processor, string name) =>
        processor.Items(name).ToArray() is [_, { ValueKind: JsonValueKind.Number } id]
            ? id.GetInt32()
            : throw new TokenizerFormatException($"The post-processor's {name} is not a token and its id.");
}
