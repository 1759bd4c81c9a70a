namespace Gateway.Text.Templates.Values;

internal enum ListShape : byte
{
    List,
    Tuple,

    /// <summary>What <c>map</c>, <c>select</c> and their like give: always true, without a length, and empty once it was gone through.</summary>
    Generator,
}

/// <summary>A list, a tuple, or what a lazy filter gives. What came with the request is read-only: two renderings may share it.</summary>
internal sealed class ListValue
{
    public static readonly ListValue Empty = new([], ListShape.List, isReadOnly: true);

    private Value[] _items;
    private bool _consumed;

    public ListValue(Value[] items, ListShape shape = ListShape.List, bool isReadOnly = false)
    {
        _items = items;
        Count = items.Length;
        Shape = shape;
        IsReadOnly = isReadOnly;
    }

    public int Count { get; private set; }

    public ListShape Shape { get; }

    public bool IsReadOnly { get; }

    /// <summary>A pair that <c>groupby</c> made; its items have the names <c>grouper</c> and <c>list</c> too.</summary>
    public bool IsGroup { get; init; }

    public Value this[int index]
    {
        get => _items[index];
        set => _items[index] = value;
    }

    public ReadOnlySpan<Value> Items => _items.AsSpan(0, Count);

    /// <summary>The items, which a generator gives once.</summary>
    public ListValue Iterate()
    {
        if (Shape != ListShape.Generator)
            return this;
        if (_consumed)
            return Empty;
        _consumed = true;
        return this;
    }

    public void Add(Value item)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Math.Max(4, Count * 2));
        _items[Count++] = item;
    }

    public void Insert(int index, Value item)
    {
        Add(item);
        Array.Copy(_items, index, _items, index + 1, Count - 1 - index);
        _items[index] = item;
    }

    public Value RemoveAt(int index)
    {
        var item = _items[index];
        Array.Copy(_items, index + 1, _items, index, Count - index - 1);
        _items[--Count] = default;
        return item;
    }

    public void Reverse() => Array.Reverse(_items, 0, Count);

    public void Clear() => Count = 0;

    public Value[] ToArray() => Items.ToArray();
}
