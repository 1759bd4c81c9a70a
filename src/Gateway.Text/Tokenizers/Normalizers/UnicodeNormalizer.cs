using System.Text;
using Gateway.Text.Tokenizers.Unicode;

namespace Gateway.Text.Tokenizers.Normalizers;

/// <summary>NFC, NFD, NFKC and NFKD, with the original's Unicode tables.</summary>
internal sealed class UnicodeNormalizer(bool composing, bool compatible) : Normalizer
{
    public override bool Keeps(ReadOnlySpan<char> text)
    {
        if (compatible)
            return !text.ContainsAnyExceptInRange('\0', '\u009F');
        var first = text.IndexOfAnyExceptInRange('\0', composing ? '\u02FF' : '\u00BF');
        if (first < 0)
            return true;
        foreach (var rune in text[first..].EnumerateRunes())
        {
            if (!NormalizationData.Instance.IsInert(rune.Value, composing))
                return false;
        }
        return true;
    }

    public override void Normalize(ReadOnlySpan<char> text, CharBuffer into)
    {
        using var decomposed = new CharBuffer();
        Decompose(text, decomposed);
        if (!composing)
        {
            Order(decomposed.Span);
            into.Add(decomposed.Span);
            return;
        }
        Order(decomposed.Span);
        Compose(decomposed.Span, into);
    }

    /// <summary>Sorts each run of marks by class, those of one class in the order they came.</summary>
    private static void Order(Span<char> text)
    {
        var data = NormalizationData.Instance;
        List<(byte Class, Rune Rune)>? run = null;
        var runStart = 0;
        var index = 0;
        while (index <= text.Length)
        {
            var length = 0;
            byte combining = 0;
            var rune = default(Rune);
            if (index < text.Length)
            {
                Rune.DecodeFromUtf16(text[index..], out rune, out length);
                combining = data.ClassOf(rune.Value);
            }
            if (combining != 0)
            {
                run ??= [];
                if (run.Count == 0)
                    runStart = index;
                run.Add((combining, rune));
            }
            else if (run is { Count: > 0 })
            {
                if (run.Count > 1)
                    WriteSorted(run, text[runStart..]);
                run.Clear();
            }
            if (index == text.Length)
                break;
            index += length;
        }
    }

    private static void WriteSorted(List<(byte Class, Rune Rune)> run, Span<char> target)
    {
        foreach (var (_, rune) in run.OrderBy(static mark => mark.Class))
            target = target[rune.EncodeToUtf16(target)..];
    }

    private static void Compose(ReadOnlySpan<char> text, CharBuffer into)
    {
        var data = NormalizationData.Instance;
        var starter = -1;
        byte lastClass = 0;
        using var marks = new CharBuffer();
        foreach (var rune in text.EnumerateRunes())
        {
            var combining = data.ClassOf(rune.Value);
            if (starter < 0)
            {
                if (combining == 0)
                    starter = rune.Value;
                else
                    into.Add(rune);
                continue;
            }
            // A mark is blocked by one of its own or a higher class in between, another starter by any mark.
            var blocked = lastClass != 0 && (combining == 0 || lastClass >= combining);
            if (!blocked
                && (HangulSyllable.TryCompose(starter, rune.Value, out var composed) || data.TryCompose(starter, rune.Value, out composed)))
            {
                starter = composed;
                continue;
            }
            if (combining != 0)
            {
                lastClass = combining;
                marks.Add(rune);
                continue;
            }
            into.Add(new Rune(starter));
            into.Add(marks.Span);
            marks.Clear();
            starter = rune.Value;
            lastClass = 0;
        }
        if (starter >= 0)
            into.Add(new Rune(starter));
        into.Add(marks.Span);
    }

    private void Decompose(ReadOnlySpan<char> text, CharBuffer into)
    {
        var data = NormalizationData.Instance;
        foreach (var rune in text.EnumerateRunes())
        {
            if (HangulSyllable.IsSyllable(rune.Value))
                HangulSyllable.Decompose(rune.Value, into);
            else if (data.Decompose(rune.Value, compatible) is { } mapping)
                into.Add(mapping);
            else
                into.Add(rune);
        }
    }
}
