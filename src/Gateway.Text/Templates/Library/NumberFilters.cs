using System.Globalization;
using System.Numerics;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

internal static class NumberFilters
{
    public static readonly Builtin[] All =
    [
        new("abs", static (context, in self, a) =>
        {
            if (!self.IsNumber)
                throw PythonType.Error(self.IsUndefined ? self.UndefinedMessage() : $"bad operand type for abs(): '{PythonType.Name(self)}'");
            return self.Kind == Kind.Float ? Value.Of(Math.Abs(self.Double)) : Value.Of(BigInteger.Abs(self.Big));
        }),
        new("int default? base?", static (context, in self, a) =>
            Whole(context, self, Given.Integer(a[1], 10)) ?? (a[0].IsMissing ? Value.Of(0L) : a[0])),
        new("float default?", static (context, in self, a) =>
            Real(context, self) is { } number ? Value.Of(number) : a[0].IsMissing ? Value.Of(0.0) : a[0]),
        new("round precision? method?", Round),
    ];

    private static Value? Whole(RenderContext context, in Value value, int radix)
    {
        if (value.Kind is Kind.Integer or Kind.BigInteger or Kind.Boolean)
            return Value.Of(value.Big);
        if (value.IsString && Parse(context, value.Text, radix) is { } whole)
            return Value.Of(whole);
        return Real(context, value) is { } number && double.IsFinite(number)
            ? Value.Of(new BigInteger(Math.Truncate(number)))
            : null;
    }

    private static double? Real(RenderContext context, in Value value)
    {
        if (value.IsNumber)
            return value.Double;
        if (!value.IsString)
            return null;
        context.Reading(value.Text.Length);
        var text = PythonText.TrimEnd(PythonText.TrimStart(value.Text));
        if (text.IsEmpty || text.Contains(','))
            return null;
        if (text[0] is '+' or '-' ? Special(text[1..]) : Special(text))
        {
            var unsigned = text[0] is '+' or '-' ? text[1..] : text;
            return unsigned[0] is 'n' or 'N' ? double.NaN : text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        }

        return char.IsAsciiDigit(text[^1]) || text[^1] == '.'
            ? double.TryParse(text.ToString().Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : null
            : null;
    }

    private static bool Special(ReadOnlySpan<char> text) =>
        text.Equals("inf", StringComparison.OrdinalIgnoreCase)
        || text.Equals("infinity", StringComparison.OrdinalIgnoreCase)
        || text.Equals("nan", StringComparison.OrdinalIgnoreCase);

    private static BigInteger? Parse(RenderContext context, string text, int radix)
    {
        context.Reading(text.Length);
        var digits = PythonText.TrimEnd(PythonText.TrimStart(text)).ToString();
        var negative = digits.StartsWith('-');
        digits = digits.StartsWith('-') || digits.StartsWith('+') ? digits[1..] : digits;
        var prefix = digits.Length > 2 && digits[0] == '0' ? char.ToLowerInvariant(digits[1]) : '\0';
        var implied = prefix switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 };
        if (implied != 10 && (radix == implied || radix == 0))
        {
            digits = digits[2..];
            radix = implied;
        }

        radix = radix == 0 ? 10 : radix;
        if (digits.Length is 0 or > 4300 || digits[0] == '_' || digits[^1] == '_')
            return null;
        var number = BigInteger.Zero;
        foreach (var character in digits)
        {
            if (character == '_')
                continue;
            var digit = char.IsAsciiDigit(character) ? character - '0'
                : char.IsAsciiLetter(character) ? char.ToLowerInvariant(character) - 'a' + 10
                : int.MaxValue;
            if (digit >= radix)
                return null;
            number = number * radix + digit;
        }

        return negative ? -number : number;
    }

    private static Value Round(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        var precision = Given.Integer(a[0]);
        var method = Given.Text(a[1], "common");
        if (!self.IsNumber)
            throw PythonType.Error(self.IsUndefined ? self.UndefinedMessage() : $"type {PythonType.Name(self)} doesn't define __round__ method");
        if (method == "common")
        {
            return self.Kind == Kind.Float ? Value.Of(NumberFormat.Round(self.Double, precision))
                : precision >= 0 ? Value.Of(self.Big)
                : Value.Of(new BigInteger(NumberFormat.Round(self.Double, precision)));
        }

        var power = Math.Pow(10, precision);
        return method switch
        {
            "ceil" => Value.Of(Math.Ceiling(self.Double * power) / power),
            "floor" => Value.Of(Math.Floor(self.Double * power) / power),
            _ => throw PythonType.Error("method must be common, ceil or floor"),
        };
    }
}
