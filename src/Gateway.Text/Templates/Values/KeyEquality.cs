using Gateway.Text.Templates.Operations;

namespace Gateway.Text.Templates.Values;

/// <summary>Which values are the same key, as in Python: 1, 1.0 and True are.</summary>
internal sealed class KeyEquality : IEqualityComparer<Value>
{
    public static readonly KeyEquality Instance = new();

    public bool Equals(Value x, Value y) => Comparison.AreEqual(x, y, 0);

    public int GetHashCode(Value value) => value.Kind switch
    {
        Kind.String => value.Text.GetHashCode(StringComparison.Ordinal),
        Kind.Boolean or Kind.Integer => value.Integer.GetHashCode(),
        Kind.BigInteger => value.Big.GetHashCode(),
        Kind.Float => value.Double is var number && Math.Floor(number) == number && Math.Abs(number) < 1e15
            ? ((long)number).GetHashCode()
            : number.GetHashCode(),
        Kind.None => 1,
        Kind.List => value.List.Count,
        _ => 0,
    };
}
