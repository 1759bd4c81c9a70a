using System.Globalization;
using System.Numerics;
using System.Text;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Operations;

/// <summary>Python's <c>str</c> and <c>repr</c>.</summary>
internal static class Printing
{
    public static string Text(RenderContext context, in Value value)
    {
        if (value.Kind == Kind.String)
            return value.Text;
        if (value.Kind == Kind.Integer)
            return value.Integer.ToString(CultureInfo.InvariantCulture);
        using var text = new PooledText(64);
        Write(context, text, value, 0);
        return context.Made(text.ToString());
    }

    public static string Repr(RenderContext context, in Value value)
    {
        using var text = new PooledText(64);
        WriteRepr(context, text, value, 0);
        return context.Made(text.ToString());
    }

    public static void Write(RenderContext context, PooledText output, in Value value, int depth)
    {
        if (value.Kind == Kind.String)
            output.Write(value.Text);
        else if (value.Kind != Kind.Undefined)
            WriteRepr(context, output, value, depth);
    }

    private static void WriteRepr(RenderContext context, PooledText output, in Value value, int depth)
    {
        if (depth > context.MaxDepth + JsonValues.MaxDepth)
            throw new TemplateException(TemplateFailure.Limit, "a value that is nested too deep cannot be printed");
        context.Step();
        switch (value.Kind)
        {
            case Kind.None:
                output.Write("None");
                break;
            case Kind.Boolean:
                output.Write(value.Truth ? "True" : "False");
                break;
            case Kind.Integer:
                Span<char> digits = stackalloc char[20];
                value.Integer.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
                output.Write(digits[..length]);
                break;
            case Kind.BigInteger:
                output.Write(((BigInteger)value.Reference!).ToString(CultureInfo.InvariantCulture));
                break;
            case Kind.Float:
                output.Write(PythonText.Number(value.Double));
                break;
            case Kind.String:
                WriteQuoted(output, value.Text);
                break;
            case Kind.List:
                WriteList(context, output, value.List, depth);
                break;
            case Kind.Dictionary:
                WriteDictionary(context, output, value.Dictionary, depth);
                break;
            case Kind.Object:
                output.Write(value.Object is NamespaceValue space ? "<Namespace " : value.Object.ToString());
                if (value.Object is NamespaceValue { Attributes: var attributes })
                {
                    WriteDictionary(context, output, attributes, depth);
                    output.Write('>');
                }

                break;
            default:
                output.Write("Undefined");
                break;
        }

        context.Fits(output.Length);
    }

    private static void WriteList(RenderContext context, PooledText output, ListValue list, int depth)
    {
        if (list.Shape == ListShape.Generator)
        {
            output.Write("<generator object>");
            return;
        }

        output.Write(list.Shape == ListShape.Tuple ? '(' : '[');
        for (var i = 0; i < list.Count; i++)
        {
            if (i > 0)
                output.Write(", ");
            WriteRepr(context, output, list[i], depth + 1);
        }

        if (list.Shape == ListShape.Tuple && list.Count == 1)
            output.Write(',');
        output.Write(list.Shape == ListShape.Tuple ? ')' : ']');
    }

    private static void WriteDictionary(RenderContext context, PooledText output, DictionaryValue dictionary, int depth)
    {
        output.Write('{');
        for (var i = 0; i < dictionary.Count; i++)
        {
            if (i > 0)
                output.Write(", ");
            var (key, value) = dictionary.Entries[i];
            WriteRepr(context, output, key, depth + 1);
            output.Write(": ");
            WriteRepr(context, output, value, depth + 1);
        }

        output.Write('}');
    }

    private static void WriteQuoted(PooledText output, string text)
    {
        var quote = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        output.Write(quote);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == quote || character == '\\')
            {
                output.Write('\\');
                output.Write(character);
            }
            else if (character is >= ' ' and < '\x7f')
            {
                output.Write(character);
            }
            else
            {
                Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var used);
                if (IsPrintable(rune))
                    output.Write(text.AsSpan(i, used));
                else
                    output.Write(Escape(rune.Value));
                i += used - 1;
            }
        }

        output.Write(quote);
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator);

    private static string Escape(int point) => point switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < 0x100 => string.Create(CultureInfo.InvariantCulture, $"\\x{point:x2}"),
        < 0x10000 => string.Create(CultureInfo.InvariantCulture, $"\\u{point:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{point:x8}"),
    };
}
