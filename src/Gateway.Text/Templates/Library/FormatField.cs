using System.Globalization;
using System.Numerics;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>One value written with a width, a precision and a type, for both of Python's ways to format.</summary>
internal readonly record struct FormatField
{
    public string Fill { get; init; }

    /// <summary>One of &lt; &gt; ^ =, or a NUL for the type's own.</summary>
    public char Align { get; init; }

    /// <summary>One of + - and space, or a NUL.</summary>
    public char Sign { get; init; }

    public bool Alternate { get; init; }

    public bool Thousands { get; init; }

    public int Width { get; init; }

    /// <summary>Negative if not given.</summary>
    public int Precision { get; init; }

    /// <summary>A NUL if not given.</summary>
    public char Type { get; init; }

    public string Format(RenderContext context, in Value value)
    {
        context.Making(Width);
        if (value.IsNumber && Type is not ('s' or 'r' or 'a') && !(value.Kind == Kind.Boolean && Type == '\0'))
            return Pad(Number(context, value), '>');
        if (Type is not ('\0' or 's' or 'r' or 'a'))
            throw PythonType.Error($"Unknown format code '{Type}' for object of type '{PythonType.Name(value)}'");
        var text = Type is 'r' or 'a' ? Printing.Repr(context, value) : Printing.Text(context, value);
        return Pad(Precision >= 0 ? PythonText.Head(text, Precision) : text, '<');
    }

    private string Number(RenderContext context, in Value value)
    {
        var whole = value.Kind != Kind.Float;
        var negative = whole ? value.Big.Sign < 0 : double.IsNegative(value.Double);
        var digits = Type switch
        {
            'd' or 'i' or 'u' or 'n' when whole => BigInteger.Abs(value.Big).ToString(CultureInfo.InvariantCulture),
            'd' or 'i' or 'u' => Truncated(value.Double),
            'x' or 'X' when whole => (Alternate ? "0x" : "") + Based(value.Big, 16, Type == 'X'),
            'o' when whole => (Alternate ? "0o" : "") + Based(value.Big, 8, false),
            'b' when whole => (Alternate ? "0b" : "") + Based(value.Big, 2, false),
            'c' when whole && value.Integer is >= 0 and < 0xD800 => ((char)value.Integer).ToString(),
            'f' or 'F' => NumberFormat.Fixed(Math.Abs(value.Double), Precision < 0 ? 6 : Precision),
            '%' => NumberFormat.Fixed(Math.Abs(value.Double) * 100, Precision < 0 ? 6 : Precision) + "%",
            'e' or 'E' => Scientific(Math.Abs(value.Double)),
            'g' or 'G' => General(Math.Abs(value.Double)),
            '\0' when whole || Precision < 0 => Printing.Text(context, value).TrimStart('-'),
            '\0' => General(Math.Abs(value.Double)),
            _ => throw PythonType.Error($"Unknown format code '{Type}' for object of type '{PythonType.Name(value)}'"),
        };
        if (Thousands)
            digits = Grouped(digits);
        return (negative ? "-" : Sign is '+' or ' ' ? Sign.ToString() : "") + digits;
    }

    private static string Truncated(double number) => double.IsFinite(number)
        ? BigInteger.Abs(new BigInteger(Math.Truncate(number))).ToString(CultureInfo.InvariantCulture)
        : throw PythonType.Error("cannot convert float infinity to integer");

    private static string Based(BigInteger number, int radix, bool upper)
    {
        var rest = BigInteger.Abs(number);
        var digits = "";
        do
        {
            rest = BigInteger.DivRem(rest, radix, out var digit);
            digits = "0123456789abcdef"[(int)digit] + digits;
        }
        while (!rest.IsZero);
        return upper ? digits.ToUpperInvariant() : digits;
    }

    private string Scientific(double number)
    {
        var text = number.ToString((Type == 'E' ? "E" : "e") + (Precision < 0 ? 6 : Math.Min(Precision, 100)), CultureInfo.InvariantCulture);

        // .NET writes three digits of exponent, Python as many as needed and two at least.
        var cut = text.IndexOfAny(['e', 'E']);
        return cut < 0 ? text : text[..(cut + 2)] + text[(cut + 2)..].TrimStart('0').PadLeft(2, '0');
    }

    private string General(double number)
    {
        var precision = Precision < 0 ? 6 : Math.Clamp(Precision, 1, 100);
        if (number == 0)
            return Type == '\0' ? "0.0" : "0";
        if (!double.IsFinite(number))
            return PythonText.Number(number);
        var scientific = this with { Type = Type == 'G' ? 'E' : 'e', Precision = precision - 1 };
        var text = scientific.Scientific(number);
        var cut = text.IndexOfAny(['e', 'E']);
        var exponent = int.Parse(text.AsSpan(cut + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent < -4 || exponent >= precision)
            return Trimmed(text[..cut]) + text[cut..];
        return Trimmed(NumberFormat.Fixed(number, precision - 1 - exponent));
    }

    private static string Trimmed(string text) =>
        text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;

    private static string Grouped(string digits)
    {
        var end = digits.IndexOfAny(['.', 'e', 'E', '%']);
        end = end < 0 ? digits.Length : end;
        for (var at = end - 3; at > 0; at -= 3)
            digits = digits.Insert(at, ",");
        return digits;
    }

    private string Pad(string text, char usual)
    {
        var missing = Width - PythonText.Length(text);
        if (missing <= 0)
            return text;
        var fill = string.IsNullOrEmpty(Fill) ? " " : Fill;
        var align = Align == '\0' ? usual : Align;
        if (align == '=')
        {
            var sign = text.Length > 0 && text[0] is '+' or '-' or ' ' ? 1 : 0;
            return text[..sign] + Repeated(fill, missing) + text[sign..];
        }

        var left = align switch { '>' => missing, '^' => missing / 2, _ => 0 };
        return Repeated(fill, left) + text + Repeated(fill, missing - left);
    }

    private static string Repeated(string fill, int count) => fill.Length == 1
        ? new string(fill[0], count)
        : string.Concat(Enumerable.Repeat(fill, count));
}
