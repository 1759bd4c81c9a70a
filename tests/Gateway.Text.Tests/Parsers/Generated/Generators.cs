using System.Text.Json.Nodes;
using CsCheck;

namespace Gateway.Text.Tests.Parsers.Generated;

/// <summary>An answer and what it means.</summary>
internal sealed record Answer(string Before, IReadOnlyList<MeantCall> Calls, string After, int Style)
{
    public string Text(string dialect) => dialect == "harmony"
        ? $"<|channel|>commentary<|message|>{Before}<|end|><|start|>assistant{DialectWriter.Write(dialect, Calls, Style)}<|start|>assistant<|channel|>final<|message|>{After}<|return|>"
        : $"{Before}\n{DialectWriter.Write(dialect, Calls, Style)}\n{After}";
}

/// <summary>What the properties are tried on.</summary>
internal static class Generators
{
    public static readonly Gen<int[]> Cuts = Gen.OneOf(Gen.Int[0, 9], Gen.Int[0, 40]).Array[0, 200];

    private static readonly Gen<string> _words = OneOf("I", "see", "the", "Wetter", "天气", "naïve", "😀", "now", "x", "2")
        .Array[1, 6].Select(static words => string.Join(' ', words));

    // What is likely to be taken for something else.
    private static readonly Gen<string> _nasty = OneOf(
        "a", "Paris", " ", "\n", "\"", "\\", "{", "}", "[", "]", "(", ")", ",", ":", "'", "<", "</", ">", "<|", "｜", "`", "```json", "é", "😀", "天", "\\n", "null", "1");

    private static readonly Gen<string> _string = _nasty.Array[0, 12].Select(static parts => string.Concat(parts));

    private static readonly Gen<JsonNode?> _leaf = Gen.OneOf<JsonNode?>(
        _string.Select(static text => (JsonNode?)JsonValue.Create(text)),
        Gen.Int[-1000, 1000].Select(static number => (JsonNode?)JsonValue.Create(number)),
        Gen.Bool.Select(static value => (JsonNode?)JsonValue.Create(value)),
        Gen.Const<JsonNode?>(() => null));

    private static readonly Gen<JsonNode?> _object = Gen.Select(_string, _leaf, _leaf.Array[0, 3], (key, value, items) =>
        (JsonNode?)new JsonObject { ["k" + key] = value?.DeepClone(), ["list"] = new JsonArray([.. items.Select(static item => item?.DeepClone())]) });

    private static readonly Gen<MeantCall> _call = Gen.OneOf(
        Gen.Const(() => new MeantCall("now", [])),
        _string.Select(static city => new MeantCall("get_weather", new() { ["city"] = city })),
        Gen.Select(_string, Gen.Int[0, 99], Gen.Bool, _object, static (query, limit, exact, filters) => new MeantCall(
            "search", new() { ["query"] = query, ["limit"] = limit, ["exact"] = exact, ["filters"] = filters?.DeepClone() })),
        _string.Select(static text => new MeantCall("unknown.function-2", new() { ["text"] = text })));

    public static readonly Gen<Answer> Answers = Gen.Select(_words, _call.Array[1, 4], _words, Gen.Int[0, 5], static (before, calls, after, style) =>
        new Answer(before, calls, after, style));

    /// <summary>Pieces of a dialect's answers and of others', in any order.</summary>
    public static Gen<string> Soup(IReadOnlyList<string> markers)
    {
        string[] pieces =
        [
            .. markers, .. markers.Select(static marker => marker[..(marker.Length / 2)]), .. markers.Select(static marker => marker[(marker.Length / 2)..]),
            "{", "}", "[", "]", "\"", ":", ",", ";", "(", ")", "=", "'", "\\", "\n", " ", "\"name\": \"now\"", "\"arguments\": ", "{\"a\": 1}", "null", "now",
            "search", "query", "limit", "1", "True", "```json", "```", "text", "<think>", "</think>", "to=functions.now", "analysis", "\"id\": \"x\"", ">", "\">", "\\u12", "😀"[..1],
        ];
        return OneOf(pieces).Array[0, 40].Select(static chosen => string.Concat(chosen));
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
