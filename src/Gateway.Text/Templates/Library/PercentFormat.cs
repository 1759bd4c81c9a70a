using System.Globalization;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>Python's <c>'%s' % value</c>.</summary>
internal static class PercentFormat
{
    public static Value Apply(RenderContext context, string format, in Value arguments)
    {
        var isTuple = arguments.Kind == Kind.List && arguments.List.Shape == ListShape.Tuple;
        var next = 0;
        using var output = new PooledText(format.Length + 16);
        for (var at = 0; at < format.Length;)
        {
            var percent = format.IndexOf('%', at);
            output.Write(format.AsSpan(at, (percent < 0 ? format.Length : percent) - at));
            if (percent < 0)
                break;
            at = percent + 1;
            var value = default(Value);
            if (Peek(format, at) == '(')
                value = Named(format, ref at, arguments);
            var field = Field(format, ref at);
            if (field.Type == '%')
            {
                output.Write('%');
                continue;
            }

            if (value.IsMissing)
            {
                if (next >= (isTuple ? arguments.List.Count : 1))
                    throw PythonType.Error("not enough arguments for format string");
                value = isTuple ? arguments.List[next] : arguments;
                next++;
            }

            if (field.Type is not ('s' or 'r' or 'a' or 'c') && !value.IsNumber)
                throw PythonType.Error($"%{field.Type} format: a real number is required, not {PythonType.Name(value)}");
            output.Write(field.Format(context, value));
            context.Fits(output.Length);
        }

        if (isTuple ? next < arguments.List.Count : next == 0 && arguments.Kind != Kind.Dictionary && arguments.Kind != Kind.List)
            throw PythonType.Error("not all arguments converted during string formatting");
        return Value.Of(context.Made(output.ToString()));
    }

    private static Value Named(string format, ref int at, in Value arguments)
    {
        var close = format.IndexOf(')', at);
        if (close < 0)
            throw PythonType.Error("incomplete format key");
        if (arguments.Kind != Kind.Dictionary)
            throw PythonType.Error("format requires a mapping");
        var name = format[(at + 1)..close];
        at = close + 1;
        return arguments.Dictionary.TryGet(name, out var value) ? value : throw PythonType.Error($"KeyError: '{name}'");
    }

    private static FormatField Field(string format, ref int at)
    {
        var (align, sign, alternate, fill) = ('\0', '\0', false, " ");
        for (; Peek(format, at) is ('-' or '+' or ' ' or '0' or '#') and var flag; at++)
        {
            align = flag == '-' ? '<' : flag == '0' && align == '\0' ? '=' : align;
            fill = flag == '0' && align == '=' ? "0" : flag == '-' ? " " : fill;
            sign = flag is '+' or ' ' && sign != '+' ? flag : sign;
            alternate |= flag == '#';
        }

        var width = Number(format, ref at);
        var precision = -1;
        if (Peek(format, at) == '.')
        {
            at++;
            precision = Math.Max(0, Number(format, ref at));
        }

        var type = Peek(format, at++);
        if (type is not ('d' or 'i' or 'u' or 'o' or 'x' or 'X' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or 'c' or 'r' or 's' or 'a' or '%'))
            throw PythonType.Error(type == '\0' ? "incomplete format" : $"unsupported format character '{type}'");
        return new FormatField
        {
            Align = align == '\0' ? '>' : align == '=' && type is 's' or 'r' or 'a' ? '>' : align,
            Fill = type is 's' or 'r' or 'a' ? " " : fill,
            Sign = sign,
            Alternate = alternate,
            Width = Math.Max(0, width),
            Precision = precision,
            Type = type,
        };
    }

    private static char Peek(string format, int at) => at < format.Length ? format[at] : '\0';

    private static int Number(string format, ref int at)
    {
        var start = at;
        while (char.IsAsciiDigit(Peek(format, at)))
            at++;
        if (at == start)
            return -1;
        return int.TryParse(format.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw PythonType.Error("width too big");
    }
}
