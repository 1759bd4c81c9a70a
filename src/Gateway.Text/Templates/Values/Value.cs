using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gateway.Text.Templates.Values;

/// <summary>
/// A value of a template: a number or a truth in place, the rest by reference. A string is either a .NET string or a
/// <see cref="JsonText"/> that still lies in the request's bytes.
/// </summary>
internal readonly struct Value
{
    private readonly object? _object;
    private readonly long _bits;

    private Value(Kind kind, object? reference, long bits)
    {
        Kind = kind;
        _object = reference;
        _bits = bits;
    }

    public static Value None => new(Kind.None, null, 0);

    public static Value True => new(Kind.Boolean, null, 1);

    public static Value False => new(Kind.Boolean, null, 0);

    public static Value EmptyText => new(Kind.String, "", 0);

    public Kind Kind { get; }

    public bool IsMissing => Kind == Kind.Missing;

    public bool IsUndefined => Kind == Kind.Undefined;

    public bool IsNone => Kind == Kind.None;

    public bool IsString => Kind == Kind.String;

    public bool IsInteger => Kind is Kind.Integer or Kind.BigInteger;

    /// <summary>Whether Python counts with it; True and False are 1 and 0.</summary>
    public bool IsNumber => Kind is Kind.Integer or Kind.Float or Kind.Boolean or Kind.BigInteger;

    public bool Truth => _bits != 0;

    /// <summary>An integer that fits, or 1 and 0 for True and False.</summary>
    public long Integer => _bits;

    public double Double => Kind switch
    {
        Kind.Float => BitConverter.Int64BitsToDouble(_bits),
        Kind.BigInteger => (double)(BigInteger)_object!,
        _ => _bits,
    };

    public BigInteger Big => Kind == Kind.BigInteger ? (BigInteger)_object! : _bits;

    public string Text => _object as string ?? Unsafe.As<JsonText>(_object!).ToString();

    /// <summary>Set for a string that nobody has needed as a .NET string yet.</summary>
    public JsonText? Raw => _object as JsonText;

    public ListValue List => Unsafe.As<ListValue>(_object!);

    public DictionaryValue Dictionary => Unsafe.As<DictionaryValue>(_object!);

    public ObjectValue Object => Unsafe.As<ObjectValue>(_object!);

    public object? Reference => _object;

    /// <summary>An undefined name, or a name that <paramref name="owner"/>, a kind of object in Python's words, does not have.</summary>
    public static Value Undefined(string name, string? owner = null) =>
        owner is null ? new(Kind.Undefined, name, 0) : new(Kind.Undefined, new MissingAttribute(name, owner), 0);

    public static Value Of(bool truth) => new(Kind.Boolean, null, truth ? 1 : 0);

    public static Value Of(long integer) => new(Kind.Integer, null, integer);

    public static Value Of(BigInteger integer) => integer >= long.MinValue && integer <= long.MaxValue
        ? Of((long)integer)
        : new(Kind.BigInteger, integer, 0);

    public static Value Of(double number) => new(Kind.Float, null, BitConverter.DoubleToInt64Bits(number));

    public static Value Of(string text) => new(Kind.String, text, 0);

    public static Value Of(JsonText text) => new(Kind.String, text, 0);

    public static Value Of(ListValue list) => new(Kind.List, list, 0);

    public static Value Of(DictionaryValue dictionary) => new(Kind.Dictionary, dictionary, 0);

    public static Value Of(ObjectValue other) => new(Kind.Object, other, 0);

    public bool TryGetString([NotNullWhen(true)] out string? text)
    {
        text = Kind == Kind.String ? Text : null;
        return text is not null;
    }

    /// <summary>What Jinja says when an undefined value is used for more than a look.</summary>
    public string UndefinedMessage() => _object is MissingAttribute missing
        ? $"'{missing.Owner}' has no attribute '{missing.Name}'"
        : $"'{_object}' is undefined";

    private sealed record MissingAttribute(string Name, string Owner);
}
