using System.Text;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>Filters on text. They take anything, and print it first.</summary>
internal static class TextFilters
{
    private const string WordStarters = "-({[<";

    public static readonly Builtin[] All =
    [
        new("upper", static (context, in self, a) => Value.Of(PythonText.Upper(Read(context, self)))),
        new("lower", static (context, in self, a) => Value.Of(Read(context, self).ToLowerInvariant())),
        new("capitalize", static (context, in self, a) => Value.Of(PythonText.Capitalize(Read(context, self)))),
        new("title", static (context, in self, a) => Value.Of(Title(Read(context, self)))),
        new("trim chars?", static (context, in self, a) =>
            TextMethods.Strip(context, self.IsString ? self : Value.Of(Read(context, self)), a[0], start: true, end: true)),
        new("string", static (context, in self, a) => self.IsString ? self : Value.Of(Read(context, self))),
        new("safe", static (context, in self, a) => self.IsString ? self : Value.Of(Read(context, self))),
        new("escape", static (context, in self, a) => Escape(context, self)),
        new("e", static (context, in self, a) => Escape(context, self)),
        new("forceescape", static (context, in self, a) => Escape(context, self)),
        new("center width?", static (context, in self, a) =>
            TextMethods.Center(context, Read(context, self), [a[0].IsMissing ? Value.Of(80L) : a[0], default])),
        new("replace old new count?", static (context, in self, a) => Value.Of(Replacing.Replace(
            context,
            Read(context, self),
            Printing.Text(context, a[0]),
            Printing.Text(context, a[1]),
            a[2].IsNone ? -1 : Given.Integer(a[2], -1)))),
        new("indent width? first? blank?", Indent),
        new("truncate length? killwords? end? leeway?", Truncate),
        new("urlencode", UrlEncode),
        new("wordcount", static (context, in self, a) => Value.Of((long)WordCount(Read(context, self)))),
        new("format", static (context, in self, in arguments) => Arithmetic.Modulo(
            context,
            Value.Of(Read(context, self)),
            arguments.Names.IsEmpty ? Value.Of(new ListValue(arguments.Positional.ToArray(), ListShape.Tuple)) : Named(context, arguments))),
    ];

    private static string Read(RenderContext context, in Value self)
    {
        var text = Printing.Text(context, self);
        context.Reading(text.Length);
        return text;
    }

    private static Value Named(RenderContext context, in Arguments arguments)
    {
        if (arguments.PositionalCount > 0)
            throw PythonType.Error("can't handle positional and keyword arguments at the same time");
        var names = new DictionaryValue();
        DictionaryMethods.Fill(context, names, arguments);
        return Value.Of(names);
    }

    private static string Title(string text) => string.Create(text.Length, text, static (span, text) =>
    {
        var inWord = false;
        for (var i = 0; i < span.Length; i++)
        {
            var starts = PythonText.IsSpace(text[i]) || WordStarters.Contains(text[i], StringComparison.Ordinal);
            span[i] = starts ? text[i] : inWord ? char.ToLowerInvariant(text[i]) : char.ToUpperInvariant(text[i]);
            inWord = !starts;
        }
    });

    private static Value Escape(RenderContext context, in Value self)
    {
        var text = Read(context, self);
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = character switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '\'' => escaped.Append("&#39;"),
                '"' => escaped.Append("&#34;"),
                _ => escaped.Append(character),
            };
        }

        return Value.Of(context.Made(escaped.ToString()));
    }

    private static Value Indent(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        var width = a[0].IsString ? a[0].Text : new string(' ', Width(context, a[0]));
        var blank = Given.Truth(a[2]);
        using var indented = new PooledText(64);
        if (Given.Truth(a[1]))
            indented.Write(width);
        var lines = PythonText.Lines(Read(context, self) + "\n");
        for (var i = 0; i < lines.Count; i++)
        {
            if (i > 0)
            {
                indented.Write('\n');
                if (blank || lines[i].Length > 0)
                    indented.Write(width);
            }

            context.Step();
            context.Fits((long)indented.Length + lines[i].Length);
            indented.Write(lines[i]);
        }

        return Value.Of(context.Made(indented.ToString()));
    }

    private static int Width(RenderContext context, in Value argument)
    {
        var width = Math.Max(0, Given.Integer(argument, 4));
        context.Making(width);
        return width;
    }

    private static Value Truncate(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        var text = Read(context, self);
        var length = Given.Integer(a[0], 255);
        var end = Given.Text(a[2], "...");
        var leeway = a[3].IsNone ? 5 : Given.Integer(a[3], 5);
        if (length < end.Length)
            throw PythonType.Error($"expected length >= {end.Length}, got {length}");
        if (leeway < 0)
            throw PythonType.Error($"expected leeway >= 0, got {leeway}");
        if (PythonText.Length(text) <= (long)length + leeway)
            return Value.Of(text);
        var head = PythonText.Head(text, length - end.Length);
        if (!Given.Truth(a[1]) && head.LastIndexOf(' ') is >= 0 and var space)
            head = head[..space];
        return Value.Of(context.Made(head + end));
    }

    private static Value UrlEncode(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        if (self.Kind is not (Kind.Dictionary or Kind.List))
            return Value.Of(context.Made(Quote(Read(context, self), keepSlash: true)));
        var pairs = self.Kind == Kind.Dictionary ? DictionaryMethods.Entries(context, self.Dictionary) : self;
        var parts = new List<string>();
        foreach (var pair in Given.Copy(context, pairs))
        {
            var both = Items.Iterate(context, pair);
            if (both.Count != 2)
                throw PythonType.Error("urlencode needs pairs of a key and a value");
            parts.Add($"{Form(context, both[0])}={Form(context, both[1])}");
        }

        return Value.Of(context.Made(string.Join('&', parts)));
    }

    private static string Form(RenderContext context, in Value value) =>
        Quote(Read(context, value), keepSlash: false).Replace("%20", "+", StringComparison.Ordinal);

    private static string Quote(string text, bool keepSlash)
    {
        var quoted = Uri.EscapeDataString(text);
        return keepSlash ? quoted.Replace("%2F", "/", StringComparison.Ordinal) : quoted;
    }

    private static int WordCount(string text)
    {
        var (count, inWord) = (0, false);
        foreach (var character in text)
        {
            var isWord = char.IsLetterOrDigit(character) || character == '_' || char.IsSurrogate(character);
            count += isWord && !inWord ? 1 : 0;
            inWord = isWord;
        }

        return count;
    }
}
