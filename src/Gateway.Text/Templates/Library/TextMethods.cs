using System.Globalization;
using System.Text;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>The methods of Python's <c>str</c>. Each reads its string once or so, and is charged for that.</summary>
internal static class TextMethods
{
    public static readonly Builtin[] All =
    [
        Mapping("upper", PythonText.Upper),
        Mapping("lower", static text => text.ToLowerInvariant()),
        Mapping("casefold", static text => text.ToLowerInvariant()),
        Mapping("capitalize", PythonText.Capitalize),
        Mapping("title", Title),
        Mapping("swapcase", static text => string.Concat(text.Select(static c =>
            char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)))),
        new("strip chars?", static (context, in self, a) => Strip(context, self, a[0], start: true, end: true)),
        new("lstrip chars?", static (context, in self, a) => Strip(context, self, a[0], start: true, end: false)),
        new("rstrip chars?", static (context, in self, a) => Strip(context, self, a[0], start: false, end: true)),
        new("startswith prefix start? end?", static (context, in self, a) =>
            StartsOrEnds(context, "startswith", self, a, static (text, affix) => text.StartsWith(affix, StringComparison.Ordinal))),
        new("endswith suffix start? end?", static (context, in self, a) =>
            StartsOrEnds(context, "endswith", self, a, static (text, affix) => text.EndsWith(affix, StringComparison.Ordinal))),
        new("removeprefix prefix", static (context, in self, a) =>
            self.Text is var text && Given.Text(a[0]) is var prefix && text.StartsWith(prefix, StringComparison.Ordinal)
                ? Value.Of(context.Made(text[prefix.Length..]))
                : self),
        new("removesuffix suffix", static (context, in self, a) =>
            self.Text is var text && Given.Text(a[0]) is var suffix && text.EndsWith(suffix, StringComparison.Ordinal)
                ? Value.Of(context.Made(text[..^suffix.Length]))
                : self),
        new("split sep? maxsplit?", static (context, in self, a) => Splitting.Split(context, self.Text, a[0], Given.Integer(a[1], -1))),
        new("rsplit sep? maxsplit?", static (context, in self, a) => Splitting.SplitFromEnd(context, self.Text, a[0], Given.Integer(a[1], -1))),
        new("splitlines keepends?", static (context, in self, a) =>
        {
            context.Reading(self.Text.Length);
            return Splitting.Texts(context, PythonText.Lines(self.Text, Given.Truth(a[0])));
        }),
        new("partition sep", static (context, in self, a) => Splitting.Partition(context, self.Text, Given.Text(a[0]), last: false)),
        new("rpartition sep", static (context, in self, a) => Splitting.Partition(context, self.Text, Given.Text(a[0]), last: true)),
        new("join iterable", static (context, in self, a) => Join(context, self.Text, a[0])),
        new("replace old new count?", static (context, in self, a) =>
            Value.Of(Replacing.Replace(context, self.Text, Given.Text(a[0]), Given.Text(a[1]), Given.Integer(a[2], -1)))),
        new("find sub start? end?", static (context, in self, a) => Value.Of(Find(context, self, a, last: false))),
        new("rfind sub start? end?", static (context, in self, a) => Value.Of(Find(context, self, a, last: true))),
        new("index sub start? end?", static (context, in self, a) => Found(Find(context, self, a, last: false))),
        new("rindex sub start? end?", static (context, in self, a) => Found(Find(context, self, a, last: true))),
        new("count sub start? end?", Count),
        new("zfill width", static (context, in self, a) => Fill(context, self.Text, Given.Integer(a[0]))),
        new("ljust width fillchar?", static (context, in self, a) => Pad(context, self.Text, a, static _ => 0)),
        new("rjust width fillchar?", static (context, in self, a) => Pad(context, self.Text, a, static missing => missing)),
        new("center width fillchar?", static (context, in self, a) => Center(context, self.Text, a)),
        new("format", static (context, in self, in arguments) => Value.Of(BraceFormat.Apply(context, self.Text, arguments))),
        Question("isdigit", static c => CharUnicodeInfo.GetDigitValue(c) >= 0),
        Question("isdecimal", char.IsDigit),
        Question("isnumeric", static c => CharUnicodeInfo.GetNumericValue(c) >= 0),
        Question("isalpha", char.IsLetter),
        Question("isalnum", static c => char.IsLetter(c) || CharUnicodeInfo.GetNumericValue(c) >= 0),
        Question("isspace", PythonText.IsSpace),
        new("isascii", static (context, in self, a) => Value.Of(Ascii.IsValid(Read(context, self)))),
        new("islower", static (context, in self, a) => Value.Of(IsCased(Read(context, self), char.IsLower, char.IsUpper))),
        new("isupper", static (context, in self, a) => Value.Of(IsCased(Read(context, self), char.IsUpper, char.IsLower))),
        new("istitle", static (context, in self, a) => Value.Of(
            Read(context, self) is var text && text.Any(char.IsLetter) && Title(text) == text)),
    ];

    /// <summary>At least one letter of the wanted case, and none of the other.</summary>
    public static bool IsCased(string text, Func<char, bool> wanted, Func<char, bool> other) => text.Any(wanted) && !text.Any(other);

    public static Value Strip(RenderContext context, in Value self, in Value characters, bool start, bool end)
    {
        var text = Read(context, self);
        var rest = text.AsSpan();
        if (characters.Kind is Kind.Missing or Kind.None)
        {
            rest = start ? PythonText.TrimStart(rest) : rest;
            rest = end ? PythonText.TrimEnd(rest) : rest;
        }
        else
        {
            var set = Given.Text(characters);
            rest = start ? rest.TrimStart(set) : rest;
            rest = end ? rest.TrimEnd(set) : rest;

            // An empty set strips nothing in Python, and white space in .NET.
            rest = set.Length == 0 ? text : rest;
        }

        return rest.Length == text.Length ? Value.Of(text) : Value.Of(context.Made(rest.ToString()));
    }

    public static Value Join(RenderContext context, string separator, in Value iterable)
    {
        var items = Items.Iterate(context, iterable);
        using var joined = new PooledText(64);
        for (var i = 0; i < items.Count; i++)
        {
            if (!items[i].IsString)
                throw PythonType.Error($"sequence item {i}: expected str instance, {PythonType.Name(items[i])} found");
            if (i > 0)
                joined.Write(separator);
            var item = items[i].Text;
            context.Step();
            context.Fits((long)joined.Length + item.Length);
            joined.Write(item);
        }

        return Value.Of(context.Made(joined.ToString()));
    }

    public static Value Center(RenderContext context, string text, ReadOnlySpan<Value> a)
    {
        // Python puts the odd one to the left if the width is odd too.
        var width = Given.Integer(a[0]);
        return Pad(context, text, a, missing => (missing / 2) + (missing & width & 1));
    }

    private static string Read(RenderContext context, in Value self)
    {
        var text = self.Text;
        context.Reading(text.Length);
        return text;
    }

    private static Builtin Mapping(string name, Func<string, string> map) =>
        new(name, (RenderContext context, in Value self, ReadOnlySpan<Value> _) => Value.Of(map(Read(context, self))));

    private static Builtin Question(string name, Func<char, bool> holds) =>
        new(name, (RenderContext context, in Value self, ReadOnlySpan<Value> _) =>
            Value.Of(Read(context, self) is { Length: > 0 } text && text.All(holds)));

    /// <summary>A letter after what is no letter is upper case, any other lower case.</summary>
    private static string Title(string text) => string.Create(text.Length, text, static (span, text) =>
    {
        var inWord = false;
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = inWord ? char.ToLowerInvariant(text[i]) : char.ToUpperInvariant(text[i]);
            inWord = char.IsLetter(text[i]);
        }
    });

    private static Value StartsOrEnds(
        RenderContext context, string method, in Value self, ReadOnlySpan<Value> a, Func<string, string, bool> holds)
    {
        var text = a[1].IsMissing && a[2].IsMissing ? self.Text : Items.Slice(context, self, a[1], a[2], default).Text;
        if (a[0].IsString)
            return Value.Of(holds(text, a[0].Text));
        if (a[0].Kind != Kind.List || a[0].List.Shape != ListShape.Tuple)
            throw PythonType.Error($"{method} first arg must be str or a tuple of str, not {PythonType.Name(a[0])}");
        foreach (var affix in a[0].List.Items)
        {
            if (holds(text, Given.Text(affix)))
                return Value.True;
        }

        return Value.False;
    }

    /// <summary>An index in code points, or -1.</summary>
    private static long Find(RenderContext context, in Value self, ReadOnlySpan<Value> a, bool last)
    {
        var text = Read(context, self);
        var sought = Given.Text(a[0]);
        var offset = 0L;
        if (!a[1].IsMissing || !a[2].IsMissing)
        {
            var length = PythonText.Length(text);
            offset = Math.Max(0, Given.Integer(a[1]) is < 0 and var back ? back + (long)length : Given.Integer(a[1]));
            if (offset > length)
                return -1;
            text = Items.Slice(context, self, a[1], a[2], default).Text;
        }

        var at = last ? text.LastIndexOf(sought, StringComparison.Ordinal) : text.IndexOf(sought, StringComparison.Ordinal);
        return at < 0 ? -1 : offset + PythonText.Length(text[..at]);
    }

    private static Value Found(long index) => index < 0 ? throw PythonType.Error("substring not found") : Value.Of(index);

    private static Value Count(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        var text = a[1].IsMissing && a[2].IsMissing ? self.Text : Items.Slice(context, self, a[1], a[2], default).Text;
        context.Reading(text.Length);
        var sought = Given.Text(a[0]);
        return Value.Of(sought.Length == 0 ? PythonText.Length(text) + 1L : text.AsSpan().Count(sought));
    }

    private static Value Fill(RenderContext context, string text, int width)
    {
        var missing = width - PythonText.Length(text);
        if (missing <= 0)
            return Value.Of(text);
        context.Making(width);
        var sign = text.Length > 0 && text[0] is '+' or '-' ? 1 : 0;
        return Value.Of(string.Concat(text.AsSpan(0, sign), new string('0', missing), text.AsSpan(sign)));
    }

    private static Value Pad(RenderContext context, string text, ReadOnlySpan<Value> a, Func<int, int> before)
    {
        var fill = Given.Text(a[1], " ");
        if (PythonText.Length(fill) != 1)
            throw PythonType.Error("The fill character must be exactly one character long");
        var missing = Given.Integer(a[0]) - PythonText.Length(text);
        if (missing <= 0)
            return Value.Of(text);
        context.Making((long)text.Length + missing * (long)fill.Length);
        var left = before(missing);
        var padded = new StringBuilder();
        padded.Insert(0, fill, left).Append(text).Insert(padded.Length, fill, missing - left);
        return Value.Of(padded.ToString());
    }
}
