using CsCheck;

namespace Gateway.Host.Tests.Support;

/// <summary>JSON texts of any shape, with what makes parsers stumble: escapes, brackets in strings, duplicate keys, white space.</summary>
internal static class JsonGen
{
    private static readonly Gen<string> Space = Gen.OneOf("", "", "", " ", "\n", "\t\r ");

    private static readonly Gen<string> Piece = Gen.OneOf(
        "a", "model", "stream", "\\n", "\\\"", "\\\\", "{", "}", "[", "]", ",", ":", "é", "\\u00e9", " ", "\\\\\\\"", "\uD83D\uDE00", "\\uD83D\\uDE00");

    // Long enough to cross the blocks of 64 bytes that strings are searched by, with runs of backslashes over the seams.
    public static Gen<string> Text { get; } = Gen.OneOf(Piece.Array[0, 6], Gen.OneOf("\\\\", "\\\"", "x", "y").Array[0, 200])
        .Select(pieces => $"\"{string.Concat(pieces)}\"");

    public static Gen<string> Scalar { get; } = Gen.OneOf(Text, Gen.OneOf("0", "-1.5e+10", "true", "false", "null", "12345"));

    /// <summary>An object in which <c>model</c> and <c>stream</c> come more often than by chance, at any place.</summary>
    public static Gen<string> Object { get; } = Gen.Select(
        Gen.Select(
            Space,
            Gen.OneOf(Text, Gen.OneOf("\"model\"", "\"stream\"", "\"mod\\u0065l\"", "\"\\u0073tream\"", "\"models\"", "\"mode\"")),
            Space,
            Value(2),
            Space,
            static (before, key, between, value, after) => $"{before}{key}{between}:{between}{value}{after}").Array[0, 6],
        Space,
        static (members, inside) => $"{{{inside}{string.Join(',', members)}}}");

    private static Gen<string> Value(int depth) => depth == 0
        ? Scalar
        : Gen.OneOf(
            Scalar,
            Scalar,
            Value(depth - 1).Array[0, 4].Select(values => $"[{string.Join(", ", values)}]"),
            Gen.Select(Text, Value(depth - 1)).Array[0, 3].Select(pairs =>
                $"{{{string.Join(" ,", pairs.Select(pair => $"{pair.Item1}: {pair.Item2}"))}}}"));
}
