using System.Globalization;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>Python's <c>'{}'.format(value)</c>, with names, positions, attributes, items and format specifications.</summary>
internal static class BraceFormat
{
    public static string Apply(RenderContext context, string format, in Arguments arguments)
    {
        var next = 0;
        using var output = new PooledText(format.Length + 16);
        for (var at = 0; at < format.Length; at++)
        {
            var character = format[at];
            if (character is not ('{' or '}'))
            {
                output.Write(character);
                continue;
            }

            if (at + 1 < format.Length && format[at + 1] == character)
            {
                output.Write(character);
                at++;
                continue;
            }

            var close = character == '{' ? format.IndexOf('}', at) : -1;
            if (close < 0)
                throw PythonType.Error($"Single '{character}' encountered in format string");
            output.Write(Field(context, format.AsSpan(at + 1, close - at - 1), arguments, ref next));
            context.Fits(output.Length);
            at = close;
        }

        return context.Made(output.ToString());
    }

    private static string Field(RenderContext context, ReadOnlySpan<char> field, in Arguments arguments, ref int next)
    {
        var colon = field.IndexOf(':');
        var specification = colon < 0 ? [] : field[(colon + 1)..];
        var name = colon < 0 ? field : field[..colon];
        var conversion = '\0';
        if (name.Length >= 2 && name[^2] == '!')
        {
            conversion = name[^1];
            name = name[..^2];
        }

        var value = Find(context, name, arguments, ref next);
        if (conversion is 'r' or 's')
            value = Value.Of(conversion == 'r' ? Printing.Repr(context, value) : Printing.Text(context, value));
        return Specification(specification).Format(context, value);
    }

    private static Value Find(RenderContext context, ReadOnlySpan<char> name, in Arguments arguments, ref int next)
    {
        var end = name.IndexOfAny('.', '[');
        var first = end < 0 ? name : name[..end];
        var rest = end < 0 ? [] : name[end..];
        var value = first.IsEmpty ? At(arguments, next++)
            : int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? At(arguments, index)
            : Named(arguments, first);
        while (!rest.IsEmpty)
        {
            var isItem = rest[0] == '[';
            var stop = isItem ? rest.IndexOf(']') : rest[1..].IndexOfAny('.', '[') is >= 0 and var cut ? cut + 1 : rest.Length;
            if (stop < 1)
                throw PythonType.Error("Missing ']' in format string");
            var part = rest[1..stop];
            rest = rest[(isItem ? stop + 1 : stop)..];
            value = !isItem ? Items.Attribute(context, value, part.ToString())
                : long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Items.Item(context, value, Value.Of(number))
                : Items.Item(context, value, Value.Of(part.ToString()));
        }

        return value;
    }

    private static Value At(in Arguments arguments, int index) => index < arguments.PositionalCount
        ? arguments[index]
        : throw PythonType.Error($"Replacement index {index} out of range for positional args tuple");

    private static Value Named(in Arguments arguments, ReadOnlySpan<char> name)
    {
        for (var i = 0; i < arguments.Names.Length; i++)
        {
            if (name.SequenceEqual(arguments.Names[i]))
                return arguments.Named[i];
        }

        throw PythonType.Error($"KeyError: '{name}'");
    }

    private static FormatField Specification(ReadOnlySpan<char> text)
    {
        var (fill, align, sign, alternate, thousands) = (" ", '\0', '\0', false, false);
        if (text.Length > 1 && text[1] is '<' or '>' or '^' or '=')
        {
            fill = text[0].ToString();
            align = text[1];
            text = text[2..];
        }
        else if (text.Length > 0 && text[0] is '<' or '>' or '^' or '=')
        {
            align = text[0];
            text = text[1..];
        }

        if (text.Length > 0 && text[0] is '+' or '-' or ' ')
        {
            sign = text[0];
            text = text[1..];
        }

        if (text.Length > 0 && text[0] == '#')
        {
            alternate = true;
            text = text[1..];
        }

        if (text.Length > 0 && text[0] == '0')
        {
            (fill, align) = align == '\0' ? ("0", '=') : (fill, align);
            text = text[1..];
        }

        var width = Number(ref text);
        if (text.Length > 0 && text[0] is ',' or '_')
        {
            thousands = true;
            text = text[1..];
        }

        var precision = -1;
        if (text.Length > 0 && text[0] == '.')
        {
            text = text[1..];
            precision = Math.Max(0, Number(ref text));
        }

        if (text.Length > 1)
            throw PythonType.Error("Invalid format specifier");
        return new FormatField
        {
            Fill = fill,
            Align = align,
            Sign = sign,
            Alternate = alternate,
            Thousands = thousands,
            Width = Math.Max(0, width),
            Precision = precision,
            Type = text.Length == 0 ? '\0' : text[0],
        };
    }

    private static int Number(ref ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
            length++;
        if (length == 0)
            return -1;
        if (!int.TryParse(text[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw PythonType.Error("Too many decimal digits in format string");
        text = text[length..];
        return number;
    }
}
