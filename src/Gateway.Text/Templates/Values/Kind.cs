namespace Gateway.Text.Templates.Values;

/// <summary>The type of a value, as Python would tell it.</summary>
internal enum Kind : byte
{
    /// <summary>No value at all: a variable nobody has set yet, an argument nobody has given. Never seen by a template.</summary>
    Missing,
    Undefined,
    None,
    Boolean,
    Integer,
    BigInteger,
    Float,
    String,
    List,
    Dictionary,
    Object,
}
