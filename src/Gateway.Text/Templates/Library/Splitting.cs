using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>Python's ways of cutting a string.</summary>
internal static class Splitting
{
    public static Value Texts(RenderContext context, List<string> parts)
    {
        context.Steps(parts.Count);
        var items = new Value[parts.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = Value.Of(parts[i]);
        return Value.Of(new ListValue(items));
    }

    public static Value Split(RenderContext context, string text, in Value separator, int most)
    {
        context.Reading(text.Length);
        var parts = new List<string>();
        if (separator.Kind is Kind.Missing or Kind.None)
        {
            SplitWords(text, most, parts);
            return Texts(context, parts);
        }

        var sought = Separator(separator);
        var start = 0;
        while ((most < 0 || parts.Count < most) && text.IndexOf(sought, start, StringComparison.Ordinal) is >= 0 and var at)
        {
            parts.Add(text[start..at]);
            start = at + sought.Length;
        }

        parts.Add(text[start..]);
        return Texts(context, parts);
    }

    public static Value SplitFromEnd(RenderContext context, string text, in Value separator, int most)
    {
        context.Reading(text.Length);
        var parts = new List<string>();
        if (separator.Kind is Kind.Missing or Kind.None)
        {
            SplitWordsFromEnd(text, most, parts);
        }
        else
        {
            var sought = Separator(separator);
            var rest = text.AsSpan();
            while ((most < 0 || parts.Count < most) && rest.LastIndexOf(sought) is >= 0 and var at)
            {
                parts.Add(rest[(at + sought.Length)..].ToString());
                rest = rest[..at];
            }

            parts.Add(rest.ToString());
        }

        parts.Reverse();
        return Texts(context, parts);
    }

    public static Value Partition(RenderContext context, string text, string separator, bool last)
    {
        context.Reading(text.Length);
        if (separator.Length == 0)
            throw PythonType.Error("empty separator");
        var at = last ? text.LastIndexOf(separator, StringComparison.Ordinal) : text.IndexOf(separator, StringComparison.Ordinal);
        Value[] parts = at >= 0
            ? [Value.Of(text[..at]), Value.Of(separator), Value.Of(text[(at + separator.Length)..])]
            : last
                ? [Value.EmptyText, Value.EmptyText, Value.Of(text)]
                : [Value.Of(text), Value.EmptyText, Value.EmptyText];
        return Value.Of(new ListValue(parts, ListShape.Tuple));
    }

    private static string Separator(in Value separator) =>
        Given.Text(separator) is { Length: > 0 } text ? text : throw PythonType.Error("empty separator");

    private static void SplitWords(string text, int most, List<string> parts)
    {
        var rest = PythonText.TrimStart(text);
        while (rest.Length > 0)
        {
            if (most >= 0 && parts.Count >= most)
            {
                parts.Add(rest.ToString());
                return;
            }

            var end = 0;
            while (end < rest.Length && !PythonText.IsSpace(rest[end]))
                end++;
            parts.Add(rest[..end].ToString());
            rest = PythonText.TrimStart(rest[end..]);
        }
    }

    private static void SplitWordsFromEnd(string text, int most, List<string> parts)
    {
        var rest = PythonText.TrimEnd(text);
        while (rest.Length > 0)
        {
            if (most >= 0 && parts.Count >= most)
            {
                parts.Add(rest.ToString());
                return;
            }

            var start = rest.Length;
            while (start > 0 && !PythonText.IsSpace(rest[start - 1]))
                start--;
            parts.Add(rest[start..].ToString());
            rest = PythonText.TrimEnd(rest[..start]);
        }
    }
}
