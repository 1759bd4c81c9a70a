namespace Gateway.Text.Templates.Values;

/// <summary>The arguments of one call, on the caller's stack: first those by position, then those by name.</summary>
internal readonly ref struct Arguments(ReadOnlySpan<Value> values, ReadOnlySpan<string> names)
{
    private readonly ReadOnlySpan<Value> _values = values;

    /// <summary>Of the last arguments.</summary>
    public ReadOnlySpan<string> Names { get; } = names;

    public int PositionalCount => _values.Length - Names.Length;

    public ReadOnlySpan<Value> Positional => _values[..PositionalCount];

    public ReadOnlySpan<Value> Named => _values[PositionalCount..];

    public Value this[int position] => _values[position];
}
