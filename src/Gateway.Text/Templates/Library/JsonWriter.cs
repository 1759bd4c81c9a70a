using System.Buffers;
using System.Globalization;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>
/// JSON as Python's <c>json.dumps</c> writes it, since models were trained on that: a space after commas and colons, nothing escaped that
/// need not be, floats with a point.
/// </summary>
internal sealed class JsonWriter(RenderContext context, PooledText output)
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    public bool AsciiOnly { get; init; }

    public bool SortKeys { get; init; }

    /// <summary>What a level is indented with; without it, all is on one line.</summary>
    public string? Indent { get; init; }

    public string ItemSeparator { get; init; } = ", ";

    public string KeySeparator { get; init; } = ": ";

    public void Write(in Value value, int depth = 0)
    {
        if (depth > context.MaxDepth + JsonValues.MaxDepth)
            throw new TemplateException(TemplateFailure.Limit, "a value that is nested too deep cannot be written as JSON");
        context.Step();
        context.Fits(output.Length);
        switch (value.Kind)
        {
            case Kind.None:
                output.Write("null");
                break;
            case Kind.Boolean:
                output.Write(value.Truth ? "true" : "false");
                break;
            case Kind.Integer or Kind.BigInteger:
                output.Write(Printing.Text(context, value));
                break;
            case Kind.Float:
                output.Write(Number(value.Double));
                break;
            case Kind.String:
                WriteText(value);
                break;
            case Kind.List when value.List.Shape != ListShape.Generator:
                WriteList(value.List, depth);
                break;
            case Kind.Dictionary:
                WriteDictionary(value.Dictionary, depth);
                break;
            default:
                throw PythonType.Error($"Object of type {PythonType.Name(value)} is not JSON serializable");
        }
    }

    private static string Number(double number) => number switch
    {
        double.NaN => "NaN",
        double.PositiveInfinity => "Infinity",
        double.NegativeInfinity => "-Infinity",
        _ => PythonText.Number(number),
    };

    private void WriteList(ListValue list, int depth)
    {
        output.Write('[');
        for (var i = 0; i < list.Count; i++)
        {
            Separate(i, depth + 1);
            Write(list[i], depth + 1);
        }

        Close(list.Count, depth, ']');
    }

    private void WriteDictionary(DictionaryValue dictionary, int depth)
    {
        var entries = dictionary.Entries;
        if (SortKeys)
        {
            entries = Sorting.Sort(
                context,
                entries.ToArray(),
                (left, right) => Comparison.Compare(context, "<", left.Key, right.Key));
        }

        output.Write('{');
        for (var i = 0; i < entries.Length; i++)
        {
            Separate(i, depth + 1);
            WriteKey(entries[i].Key);
            output.Write(KeySeparator);
            Write(entries[i].Value, depth + 1);
        }

        Close(entries.Length, depth, '}');
    }

    private void WriteKey(in Value key)
    {
        if (key.IsString)
        {
            WriteText(key);
            return;
        }

        if (!key.IsNumber && !key.IsNone)
            throw PythonType.Error($"keys must be str, int, float, bool or None, not {PythonType.Name(key)}");
        output.Write('"');
        Write(key);
        output.Write('"');
    }

    private void Separate(int index, int depth)
    {
        if (index > 0)
            output.Write(ItemSeparator);
        if (Indent is not null)
            Line(depth);
    }

    private void Close(int count, int depth, char bracket)
    {
        if (Indent is not null && count > 0)
            Line(depth);
        output.Write(bracket);
    }

    private void Line(int depth)
    {
        output.Write('\n');
        context.Fits(output.Length + (long)depth * Indent!.Length);
        for (var i = 0; i < depth; i++)
            output.Write(Indent!);
    }

    private void WriteText(in Value value)
    {
        output.Write('"');
        if (value.Raw is { IsPlain: true } raw && !AsciiOnly)
            raw.WriteTo(output);
        else
            WriteEscaped(value.Text);
        output.Write('"');
        context.Fits(output.Length);
    }

    private void WriteEscaped(ReadOnlySpan<char> text)
    {
        context.Reading(text.Length);
        while (!text.IsEmpty)
        {
            var at = text.IndexOfAny(Escaped);
            if (AsciiOnly && text.IndexOfAnyExceptInRange('\0', '\x7f') is >= 0 and var beyond && (at < 0 || beyond < at))
                at = beyond;
            if (at < 0)
            {
                output.Write(text);
                return;
            }

            output.Write(text[..at]);
            WriteEscape(text[at]);
            text = text[(at + 1)..];
        }
    }

    private void WriteEscape(char character)
    {
        switch (character)
        {
            case '"':
                output.Write("\\\"");
                break;
            case '\\':
                output.Write("\\\\");
                break;
            case '\n':
                output.Write("\\n");
                break;
            case '\r':
                output.Write("\\r");
                break;
            case '\t':
                output.Write("\\t");
                break;
            case '\b':
                output.Write("\\b");
                break;
            case '\f':
                output.Write("\\f");
                break;
            default:
                output.Write("\\u");
                output.Write(((int)character).ToString("x4", CultureInfo.InvariantCulture));
                break;
        }
    }
}
