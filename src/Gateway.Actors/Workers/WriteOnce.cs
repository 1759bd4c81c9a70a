namespace Gateway.Actors.Workers;

/// <summary>
/// A cell that is set once and then only read. <see cref="TrySet"/> wins once, whoever calls it first;
/// <see cref="Value"/> is one volatile read. There is no reset: a new value means a new cell,
/// hence a new incarnation of whatever owns it.
/// </summary>
public sealed class WriteOnce<T>
    where T : class
{
    private T? _value;

    /// <summary>The value, or null as long as nobody has set it.</summary>
    public T? Value
    {
        get => Volatile.Read(ref _value);
    }

    /// <summary>Sets the value if none was set before.</summary>
    /// <returns>True for the one caller whose value is kept.</returns>
    public bool TrySet(T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Interlocked.CompareExchange(ref _value, value, null) is null;
    }
}
