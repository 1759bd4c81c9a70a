using System.Numerics;
using Gateway.Text.Templates.Library;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Operations;

/// <summary>Python's arithmetic. Integers do not overflow; those of more than some 4,300 digits are refused, as Python refuses to print them.</summary>
internal static class Arithmetic
{
    private const int MaxBits = 14_300;

    public static Value Add(RenderContext context, in Value left, in Value right)
    {
        if (left.Kind == Kind.Integer && right.Kind == Kind.Integer)
            return Sum(left.Integer, right.Integer);
        if (left.IsNumber && right.IsNumber)
            return AreWhole(left, right) ? Whole(left.Big + right.Big) : Value.Of(left.Double + right.Double);
        if (left.Kind == Kind.String && right.Kind == Kind.String)
        {
            var (a, b) = (left.Text, right.Text);
            context.Making((long)a.Length + b.Length);
            return Value.Of(string.Concat(a, b));
        }

        if (left.Kind == Kind.List && right.Kind == Kind.List && left.List.Shape == right.List.Shape && left.List.Shape != ListShape.Generator)
        {
            context.Steps((long)left.List.Count + right.List.Count);
            return Value.Of(new ListValue([.. left.List.Items, .. right.List.Items], left.List.Shape));
        }

        PythonType.MustBeDefined(left);
        PythonType.MustBeDefined(right);
        if (left.Kind == Kind.String)
            throw PythonType.Error($"can only concatenate str (not \"{PythonType.Name(right)}\") to str");
        throw Unsupported("+", left, right);
    }

    public static Value Subtract(in Value left, in Value right)
    {
        Check("-", left, right);
        if (!AreWhole(left, right))
            return Value.Of(left.Double - right.Double);
        return Whole(left.Big - right.Big);
    }

    public static Value Multiply(RenderContext context, in Value left, in Value right)
    {
        if (left.Kind is Kind.String or Kind.List && right.Kind is Kind.Integer or Kind.Boolean)
            return Repeat(context, left, right.Integer);
        if (right.Kind is Kind.String or Kind.List && left.Kind is Kind.Integer or Kind.Boolean)
            return Repeat(context, right, left.Integer);
        Check("*", left, right);
        return AreWhole(left, right) ? Whole(left.Big * right.Big) : Value.Of(left.Double * right.Double);
    }

    public static Value Divide(in Value left, in Value right)
    {
        Check("/", left, right);
        return right.Double == 0 ? throw PythonType.Error("division by zero") : Value.Of(left.Double / right.Double);
    }

    public static Value FloorDivide(in Value left, in Value right)
    {
        Check("//", left, right);
        if (!AreWhole(left, right))
        {
            return right.Double == 0
                ? throw PythonType.Error("float floor division by zero")
                : Value.Of(Math.Round((left.Double - FloatRemainder(left.Double, right.Double)) / right.Double));
        }

        var (a, b) = (left.Big, right.Big);
        if (b.IsZero)
            throw PythonType.Error("integer division or modulo by zero");
        var quotient = BigInteger.DivRem(a, b, out var remainder);
        return Whole(!remainder.IsZero && remainder.Sign != b.Sign ? quotient - 1 : quotient);
    }

    public static Value Modulo(RenderContext context, in Value left, in Value right)
    {
        if (left.Kind == Kind.String)
            return PercentFormat.Apply(context, left.Text, right);
        Check("%", left, right);
        if (!AreWhole(left, right))
            return right.Double == 0 ? throw PythonType.Error("float modulo") : Value.Of(FloatRemainder(left.Double, right.Double));
        var (a, b) = (left.Big, right.Big);
        if (b.IsZero)
            throw PythonType.Error("integer division or modulo by zero");
        var remainder = BigInteger.Remainder(a, b);
        return Whole(!remainder.IsZero && remainder.Sign != b.Sign ? remainder + b : remainder);
    }

    public static Value Power(in Value left, in Value right)
    {
        Check("**", left, right);
        if (AreWhole(left, right) && right.Big.Sign >= 0)
        {
            var bits = (double)left.Big.GetBitLength() * right.Double;
            if (bits > MaxBits && !left.Big.IsZero && !left.Big.IsOne && left.Big != BigInteger.MinusOne)
                throw TooLarge();
            return left.Big.IsZero || left.Big.IsOne || left.Big == BigInteger.MinusOne
                ? Whole(right.Big.IsZero ? 1 : left.Big.Sign < 0 && right.Big.IsEven ? 1 : left.Big)
                : Whole(BigInteger.Pow(left.Big, (int)right.Integer));
        }

        if (left.Double == 0 && right.Double < 0)
            throw PythonType.Error("0.0 cannot be raised to a negative power");
        var result = Math.Pow(left.Double, right.Double);
        if (double.IsFinite(result) || !double.IsFinite(left.Double) || !double.IsFinite(right.Double))
            return Value.Of(result);
        throw PythonType.Error(double.IsNaN(result) ? "a power that is a complex number" : "Numerical result out of range");
    }

    public static Value Negate(in Value value)
    {
        if (!value.IsNumber)
            throw Unary("-", value);
        return value.Kind == Kind.Float ? Value.Of(-value.Double) : Whole(-value.Big);
    }

    public static Value Plus(in Value value) =>
        !value.IsNumber ? throw Unary("+", value) : value.Kind == Kind.Boolean ? Value.Of(value.Integer) : value;

    public static Value Whole(BigInteger value) => value.GetBitLength() > MaxBits ? throw TooLarge() : Value.Of(value);

    private static Value Sum(long left, long right)
    {
        var sum = unchecked(left + right);
        return ((left ^ sum) & (right ^ sum)) < 0 ? Value.Of((BigInteger)left + right) : Value.Of(sum);
    }

    private static Value Repeat(RenderContext context, in Value sequence, long times)
    {
        times = Math.Max(times, 0);
        if (sequence.Kind == Kind.String)
        {
            var text = sequence.Text;
            if (text.Length == 0 || times == 0)
                return Value.EmptyText;
            context.Making(times > int.MaxValue ? long.MaxValue / 2 : text.Length * times);
            return Value.Of(string.Create((int)(text.Length * times), text, static (span, text) =>
            {
                for (var at = 0; at < span.Length; at += text.Length)
                    text.CopyTo(span[at..]);
            }));
        }

        var items = sequence.List;
        if (items.Shape == ListShape.Generator)
            throw Unsupported("*", sequence, Value.Of(times));
        context.Steps(items.Count == 0 ? 0 : times > int.MaxValue ? long.MaxValue / 2 : items.Count * times);
        var repeated = new Value[items.Count == 0 ? 0 : items.Count * times];
        for (var at = 0; at < repeated.Length; at += items.Count)
            items.Items.CopyTo(repeated.AsSpan(at));
        return Value.Of(new ListValue(repeated, items.Shape));
    }

    private static double FloatRemainder(double left, double right)
    {
        var remainder = left % right;
        return remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder;
    }

    private static bool AreWhole(in Value left, in Value right) => left.Kind != Kind.Float && right.Kind != Kind.Float;

    private static void Check(string sign, in Value left, in Value right)
    {
        PythonType.MustBeDefined(left);
        PythonType.MustBeDefined(right);
        if (!left.IsNumber || !right.IsNumber)
            throw Unsupported(sign, left, right);
    }

    private static TemplateException Unsupported(string sign, in Value left, in Value right) =>
        PythonType.Error($"unsupported operand type(s) for {sign}: '{PythonType.Name(left)}' and '{PythonType.Name(right)}'");

    private static TemplateException Unary(string sign, in Value value) => PythonType.Error(
        value.IsUndefined ? value.UndefinedMessage() : $"bad operand type for unary {sign}: '{PythonType.Name(value)}'");

    private static TemplateException TooLarge() => new(TemplateFailure.Limit, "an integer has more than 4300 digits");
}
