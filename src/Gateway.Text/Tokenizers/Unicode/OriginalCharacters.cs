using System.Globalization;
using System.Text;

namespace Gateway.Text.Tokenizers.Unicode;

/// <summary>
/// Sets of characters that parts of the original take from tables of their own, some many Unicode versions old:
/// <c>characters.txt</c> has them as the original showed them.
/// </summary>
internal static class OriginalCharacters
{
    private static readonly Lazy<Dictionary<string, int[]>> Sets = new(Load);

    public static bool IsMark(Rune rune) => Has("mark", rune);

    public static bool IsNumber(Rune rune) => Has("number", rune);

    public static bool IsBertNonSpacing(Rune rune) => Has("bert-nonspacing", rune);

    public static bool IsBertControl(Rune rune) => Has("bert-control", rune);

    public static bool IsPunctuation(Rune rune) => Has("punctuation", rune);

    /// <summary>Boundaries alternate between the first code point in the set and the first after it.</summary>
    private static bool Has(string set, Rune rune)
    {
        var boundaries = Sets.Value[set];
        var index = Array.BinarySearch(boundaries, rune.Value);
        return ((index < 0 ? ~index : index + 1) & 1) == 1;
    }

    private static Dictionary<string, int[]> Load()
    {
        using var stream = typeof(OriginalCharacters).Assembly.GetManifestResourceStream("characters.txt")!;
        using var lines = new StreamReader(stream);
        var sets = new Dictionary<string, int[]>();
        while (lines.ReadLine() is { } line)
        {
            var parts = line.Split(' ');
            sets[parts[0]] = [.. parts.Skip(1).SelectMany(static range => Boundaries(range.Split('-')))];
        }
        return sets;
    }

    private static int[] Boundaries(string[] ends) => [Hex(ends[0]), Hex(ends[^1]) + 1];

    private static int Hex(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
