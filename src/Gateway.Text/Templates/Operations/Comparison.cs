using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Operations;

/// <summary>Equality, order and membership as in Python.</summary>
internal static class Comparison
{
    private const int MaxDepth = 128;

    public static bool AreEqual(in Value left, in Value right, int depth)
    {
        if (depth > MaxDepth)
            throw new TemplateException(TemplateFailure.Limit, "values that are nested too deep cannot be compared");
        if (left.Kind == Kind.String || right.Kind == Kind.String)
            return left.Kind == right.Kind && string.Equals(left.Text, right.Text, StringComparison.Ordinal);
        if (left.IsNumber && right.IsNumber)
            return left.Kind == Kind.Float || right.Kind == Kind.Float ? left.Double == right.Double : Big(left, right) == 0;
        if (left.Kind != right.Kind)
            return false;
        return left.Kind switch
        {
            Kind.List => (left.List.Shape == right.List.Shape || ReferenceEquals(left.List, right.List)) && AreEqual(left.List, right.List, depth),
            Kind.Dictionary => AreEqual(left.Dictionary, right.Dictionary, depth),
            Kind.Object => ReferenceEquals(left.Object, right.Object),
            _ => true,
        };
    }

    /// <summary>Less than, equal or greater: -1, 0, 1; two for what is neither, which only NaN is.</summary>
    public static int Compare(RenderContext context, string sign, in Value left, in Value right, int depth = 0)
    {
        if (left.IsNumber && right.IsNumber)
        {
            if (left.Kind != Kind.Float && right.Kind != Kind.Float)
                return Big(left, right);
            var (a, b) = (left.Double, right.Double);
            return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2;
        }

        if (left.Kind == Kind.String && right.Kind == Kind.String)
            return Math.Sign(ByCodePoint(left.Text, right.Text));
        if (left.Kind == Kind.List && right.Kind == Kind.List && left.List.Shape == right.List.Shape && depth < MaxDepth)
            return Lists(context, sign, left.List, right.List, depth);
        PythonType.MustBeDefined(left);
        PythonType.MustBeDefined(right);
        throw PythonType.Error(
            $"'{sign}' not supported between instances of '{PythonType.Name(left)}' and '{PythonType.Name(right)}'");
    }

    public static bool Contains(RenderContext context, in Value container, in Value item)
    {
        switch (container.Kind)
        {
            case Kind.String:
                if (!item.IsString)
                    throw PythonType.Error($"'in <string>' requires string as left operand, not {PythonType.Name(item)}");
                var text = container.Text;
                context.Reading(text.Length);
                return text.Contains(item.Text, StringComparison.Ordinal);
            case Kind.Dictionary:
                return container.Dictionary.TryGet(item, out _);
            case Kind.List:
                var items = container.List.Iterate();
                context.Steps(items.Count);
                for (var i = 0; i < items.Count; i++)
                {
                    if (AreEqual(items[i], item, 0))
                        return true;
                }

                return false;
            case Kind.Undefined:
                return false;
            default:
                throw PythonType.Error($"argument of type '{PythonType.Name(container)}' is not iterable");
        }
    }

    private static bool AreEqual(ListValue left, ListValue right, int depth)
    {
        if (left.Count != right.Count)
            return false;
        for (var i = 0; i < left.Count; i++)
        {
            if (!AreEqual(left[i], right[i], depth + 1))
                return false;
        }

        return true;
    }

    private static bool AreEqual(DictionaryValue left, DictionaryValue right, int depth)
    {
        if (left.Count != right.Count)
            return false;
        foreach (var (key, value) in left.Entries)
        {
            if (!right.TryGet(key, out var other) || !AreEqual(value, other, depth + 1))
                return false;
        }

        return true;
    }

    private static int Lists(RenderContext context, string sign, ListValue left, ListValue right, int depth)
    {
        context.Steps(Math.Min(left.Count, right.Count));
        for (var i = 0; i < left.Count && i < right.Count; i++)
        {
            if (!AreEqual(left[i], right[i], depth + 1))
                return Compare(context, sign, left[i], right[i], depth + 1);
        }

        return left.Count.CompareTo(right.Count);
    }

    private static int Big(in Value left, in Value right) => left.Kind == Kind.BigInteger || right.Kind == Kind.BigInteger
        ? left.Big.CompareTo(right.Big)
        : left.Integer.CompareTo(right.Integer);

    /// <summary>Python's order is by code point; UTF-16's differs where surrogates meet what is above them.</summary>
    private static int ByCodePoint(string left, string right)
    {
        var same = left.AsSpan().CommonPrefixLength(right);
        if (same == left.Length || same == right.Length)
            return left.Length.CompareTo(right.Length);
        var (a, b) = (left[same], right[same]);
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }
}
