using System.Text.Json;
using Gateway.Text.Tokenizers.PreTokenizers;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>Reads the pre-tokenizer of tokenizer.json, as a list of steps.</summary>
internal static class PreTokenizerJson
{
    public static PreTokenizer[] Read(JsonElement json)
    {
        var steps = new List<PreTokenizer>();
        Add(json, steps);
        return [.. steps];
    }

    private static void Add(JsonElement json, List<PreTokenizer> steps)
    {
        var type = json.Text("type");
        switch (type)
        {
            case "Sequence":
                foreach (var part in json.Items("pretokenizers"))
                    Add(part, steps);
                break;
            case "Split":
                steps.Add(new SplitPreTokenizer(PatternJson.Read(json.Field("pattern")), BehaviorOf(json), json.Flag("invert", otherwise: false)));
                break;
            case "ByteLevel":
                if (json.Flag("add_prefix_space", otherwise: true))
                    steps.Add(new PrefixSpace());
                if (json.Flag("use_regex", otherwise: true))
                    steps.Add(new SplitPreTokenizer(new Gpt2Pattern(), SplitBehavior.Isolated, invert: false));
                steps.Add(new ByteLevelSpelling());
                break;
            case "Metaspace":
                AddMetaspace(json, steps);
                break;
            case "Digits":
                var behavior = json.Flag("individual_digits", otherwise: false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous;
                steps.Add(new SplitPreTokenizer(CharacterPattern.Numeric, behavior, invert: false));
                break;
            case "Punctuation":
                steps.Add(new SplitPreTokenizer(CharacterPattern.Punctuation, BehaviorOf(json), invert: false));
                break;
            case "Whitespace":
                steps.Add(new SplitPreTokenizer(new WordPattern(), SplitBehavior.Removed, invert: true));
                break;
            case "WhitespaceSplit":
                steps.Add(new SplitPreTokenizer(CharacterPattern.WhiteSpace, SplitBehavior.Removed, invert: false));
                break;
            case "BertPreTokenizer":
                steps.Add(new SplitPreTokenizer(CharacterPattern.WhiteSpace, SplitBehavior.Removed, invert: false));
                steps.Add(new SplitPreTokenizer(CharacterPattern.Punctuation, SplitBehavior.Isolated, invert: false));
                break;
            case "CharDelimiterSplit":
                steps.Add(new SplitPreTokenizer(new LiteralPattern(json.Text("delimiter")), SplitBehavior.Removed, invert: false));
                break;
            default:
                throw new TokenizerFormatException($"Pre-tokenizers of type {type} are not supported.");
        }
    }

    private static void AddMetaspace(JsonElement json, List<PreTokenizer> steps)
    {
        var mark = json.Character("replacement");
        steps.Add(new MetaspacePreTokenizer(mark, MetaspacePreTokenizer.SchemeOf(json)));
        if (json.Flag("split", otherwise: true))
            steps.Add(new SplitPreTokenizer(new LiteralPattern(mark.ToString()), SplitBehavior.MergedWithNext, invert: false));
    }

    private static SplitBehavior BehaviorOf(JsonElement json)
    {
        var name = json.TextOrNull("behavior") ?? nameof(SplitBehavior.Isolated);
        return Enum.TryParse<SplitBehavior>(name, ignoreCase: true, out var behavior)
            ? behavior
            : throw new TokenizerFormatException($"{name} is not a behavior of a split.");
    }
}
