using System.Text.Json;
using Gateway.Text.Tokenizers.PostProcessors;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>Reads the post-processor of tokenizer.json. Only what it does to ids counts here: no offsets.</summary>
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
            "BertProcessing" or "RobertaProcessing" => ReadFixed(IdOf(processor, "cls"), IdOf(processor, "sep"), isBert: type == "BertProcessing"),
            "Sequence" => processor.Items("processors")
                .Aggregate(SpecialFrame.None, static (inner, part) => inner.Within(Read(part))),
            _ => throw new TokenizerFormatException($"Post-processors of type {type} are not supported."),
        };
    }

    private static SpecialFrame ReadFixed(int cls, int sep, bool isBert) =>
        new((int[])[cls], (int[])[sep]) { Pair = isBert ? PairFrame.Bert(cls, sep) : PairFrame.Roberta(cls, sep) };

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
            (seen ? after : before).AddRange(SpecialIdsOf(processor, piece));
        }
        return seen
            ? new SpecialFrame(before.ToArray(), after.ToArray()) { Pair = ReadPair(processor) }
            : throw new TokenizerFormatException("A template has no place for the text.");
    }

    private static PairFrame? ReadPair(JsonElement processor)
    {
        List<PairPart> parts = [];
        foreach (var piece in processor.Items("pair"))
        {
            if (piece.Field("Sequence") is { } text)
                parts.Add(text.Text("id") == "B" ? PairPart.Second(TypeOf(text)) : PairPart.First(TypeOf(text)));
            else
                parts.Add(new PairPart(null, [.. SpecialIdsOf(processor, piece)], TypeOf(piece.Field("SpecialToken")!.Value)));
        }

        return parts.Exists(static part => part.Text == 0) && parts.Exists(static part => part.Text == 1) ? new PairFrame(parts) : null;
    }

    private static IEnumerable<int> SpecialIdsOf(JsonElement processor, JsonElement piece)
    {
        var name = piece.Field("SpecialToken")?.Text("id") ?? throw new TokenizerFormatException("A template has an unknown part.");
        var special = processor.Field("special_tokens")?.Field(name)
            ?? throw new TokenizerFormatException($"The template's token {name} is not among its special tokens.");
        return special.Items("ids").Select(static id => id.GetInt32());
    }

    private static int TypeOf(JsonElement part) => part.Field("type_id") is { ValueKind: JsonValueKind.Number } type && type.TryGetInt32(out var number) ? number : 0;

    private static int IdOf(JsonElement processor, string name) =>
        processor.Items(name).ToArray() is [_, { ValueKind: JsonValueKind.Number } id]
            ? id.GetInt32()
            : throw new TokenizerFormatException($"The post-processor's {name} is not a token and its id.");
}
