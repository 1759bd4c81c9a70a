namespace Gateway.Text.Templates.Values;

/// <summary>A dictionary that keeps the order in which its keys came. Small ones are searched, larger ones have an index.</summary>
internal sealed class DictionaryValue(int capacity = 4, bool isReadOnly = false)
{
    private const int SearchedCount = 8;

    private KeyValuePair<Value, Value>[] _entries = new KeyValuePair<Value, Value>[capacity];
    private Dictionary<Value, int>? _index;

    public int Count { get; private set; }

    /// <summary>Set when it came with the request.</summary>
    public bool IsReadOnly { get; private set; } = isReadOnly;

    public ReadOnlySpan<KeyValuePair<Value, Value>> Entries => _entries.AsSpan(0, Count);

    public void Freeze() => IsReadOnly = true;

    public bool TryGet(string key, out Value value)
    {
        if (_index is not null)
            return TryGet(Value.Of(key), out value);
        for (var i = 0; i < Count; i++)
        {
            ref readonly var entry = ref _entries[i];
            if (entry.Key.Reference is string name && name == key)
            {
                value = entry.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    public bool TryGet(in Value key, out Value value)
    {
        var at = Find(key);
        value = at < 0 ? default : _entries[at].Value;
        return at >= 0;
    }

    public void Set(in Value key, in Value value)
    {
        // Keys are compared as strings, so that a key that came from a content is decoded once.
        var stored = key.Raw is null ? key : Value.Of(key.Text);
        var at = Find(stored);
        if (at >= 0)
        {
            _entries[at] = new(_entries[at].Key, value);
            return;
        }

        if (Count == _entries.Length)
            Array.Resize(ref _entries, Math.Max(4, Count * 2));
        _entries[Count] = new(stored, value);
        _index?.Add(stored, Count);
        Count++;
        if (_index is null && Count > SearchedCount)
            Index();
    }

    public bool Remove(in Value key, out Value value)
    {
        var at = Find(key);
        value = at < 0 ? default : _entries[at].Value;
        if (at < 0)
            return false;
        Array.Copy(_entries, at + 1, _entries, at, Count - at - 1);
        _entries[--Count] = default;
        if (_index is not null)
            Index();
        return true;
    }

    public void Clear()
    {
        Array.Clear(_entries);
        Count = 0;
        _index = null;
    }

    public DictionaryValue Copy()
    {
        var copy = new DictionaryValue(Count);
        foreach (var (key, value) in Entries)
            copy.Set(key, value);
        return copy;
    }

    private int Find(in Value key)
    {
        if (_index is not null)
            return _index.TryGetValue(key, out var at) ? at : -1;
        for (var i = 0; i < Count; i++)
        {
            if (KeyEquality.Instance.Equals(_entries[i].Key, key))
                return i;
        }

        return -1;
    }

    private void Index()
    {
        _index = new(Count * 2, KeyEquality.Instance);
        for (var i = 0; i < Count; i++)
            _index.Add(_entries[i].Key, i);
    }
}
