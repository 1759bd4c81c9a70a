using System.Globalization;
using System.Text;

namespace Gateway.Text.Tokenizers.Unicode;

/// <summary>
/// Decompositions, compositions and combining classes, from <c>normalization.txt</c>: a table that was taken from the original
/// implementation. .NET's own normalization does nothing when globalization is invariant, and knows newer characters than the original.
/// </summary>
internal sealed class NormalizationData
{
    private static readonly Lazy<NormalizationData> Loaded = new(Load);

    private readonly Dictionary<int, string> _canonical = [];
    private readonly Dictionary<int, string> _compatible = [];
    private readonly Dictionary<int, byte> _classes = [];
    private readonly Dictionary<(int, int), int> _composed = [];

    /// <summary>Code points that may not be left alone: by NFC, and by NFD.</summary>
    private readonly HashSet<int> _touchedByComposing = [];
    private readonly HashSet<int> _touchedByDecomposing = [];

    private NormalizationData()
    {
    }

    public static NormalizationData Instance => Loaded.Value;

    public byte ClassOf(int codePoint) => codePoint < 0x300 ? (byte)0 : _classes.GetValueOrDefault(codePoint);

    /// <summary>Gets the full decomposition, or null if the character stays as it is. Hangul is done by arithmetic elsewhere.</summary>
    public string? Decompose(int codePoint, bool compatible)
    {
        if (codePoint < 0xA0)
            return null;
        return compatible && _compatible.TryGetValue(codePoint, out var mapping) ? mapping : _canonical.GetValueOrDefault(codePoint);
    }

    public bool TryCompose(int first, int second, out int composed) => _composed.TryGetValue((first, second), out composed);

    /// <summary>Whether a text of such characters alone is what NFC (composing) or NFD makes of it.</summary>
    public bool IsInert(int codePoint, bool composing)
    {
        if (codePoint < (composing ? 0x300 : 0xC0))
            return true;
        if (HangulSyllable.IsSyllable(codePoint))
            return composing;
        return composing
            ? !HangulSyllable.JoinsBackwards(codePoint) && !_touchedByComposing.Contains(codePoint)
            : !_touchedByDecomposing.Contains(codePoint);
    }

    private static NormalizationData Load()
    {
        var data = new NormalizationData();
        using var stream = typeof(NormalizationData).Assembly.GetManifestResourceStream("normalization.txt")!;
        using var lines = new StreamReader(stream);
        var composites = new List<(int CodePoint, string Decomposition)>();
        while (lines.ReadLine() is { } line)
        {
            if (line[0] == '@')
                data.AddClass(line);
            else
                data.AddMapping(line, composites);
        }
        data.AddCompositions(composites);
        return data;
    }

    private static int Hex(ReadOnlySpan<char> text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    /// <summary><c>@230 0300-0314 033D</c></summary>
    private void AddClass(string line)
    {
        var parts = line.Split(' ');
        var value = byte.Parse(parts[0].AsSpan(1), CultureInfo.InvariantCulture);
        foreach (var range in parts.AsSpan(1))
        {
            var ends = range.Split('-');
            for (var codePoint = Hex(ends[0]); codePoint <= Hex(ends[^1]); codePoint++)
            {
                _classes[codePoint] = value;
                _touchedByComposing.Add(codePoint);
                _touchedByDecomposing.Add(codePoint);
            }
        }
    }

    /// <summary><c>00C0=0041 0300</c>; with <c>!</c> if it does not compose again, with <c>~</c> if it is a compatibility mapping.</summary>
    private void AddMapping(string line, List<(int CodePoint, string Decomposition)> composites)
    {
        var sign = line.AsSpan().IndexOfAny("=!~");
        var codePoint = Hex(line.AsSpan(0, sign));
        var mapping = string.Concat(line[(sign + 1)..].Split(' ').Select(static part => char.ConvertFromUtf32(Hex(part))));
        if (line[sign] == '~')
        {
            _compatible[codePoint] = mapping;
            return;
        }
        _canonical[codePoint] = mapping;
        _touchedByDecomposing.Add(codePoint);
        if (line[sign] == '=')
            composites.Add((codePoint, mapping));
        else
            _touchedByComposing.Add(codePoint);
    }

    /// <summary>A composite is made from the composite of all but its last character, and that character.</summary>
    private void AddCompositions(List<(int CodePoint, string Decomposition)> composites)
    {
        var byDecomposition = composites.ToDictionary(static pair => pair.Decomposition, static pair => pair.CodePoint);
        foreach (var (codePoint, decomposition) in composites)
        {
            Rune.DecodeLastFromUtf16(decomposition, out var last, out var length);
            var front = decomposition[..^length];
            if (!byDecomposition.TryGetValue(front, out var first))
                first = char.ConvertToUtf32(front, 0);
            _composed[(first, last.Value)] = codePoint;
            _touchedByComposing.Add(last.Value);
        }
    }
}
