namespace Gateway.Text.Tokenizers.Models;

/// <summary>Finds all tokens that a text begins with. A node's children are found in one open-addressed table for all nodes.</summary>
internal sealed class PrefixTrie
{
    private readonly long[] _keys;
    private readonly int[] _children;
    private readonly List<int> _tokens = [-1];

    public PrefixTrie(Vocabulary vocabulary)
    {
        var size = 16;
        long bytes = 0;
        for (var id = 0; id < vocabulary.IdLimit; id++)
            bytes += vocabulary.TryGetBytes(id, out var token) ? token.Length : 0;
        while (size < bytes * 3 / 2)
            size *= 2;
        _keys = new long[size];
        _children = new int[size];
        Array.Fill(_keys, -1);
        for (var id = 0; id < vocabulary.IdLimit; id++)
        {
            if (vocabulary.TryGetBytes(id, out var token) && !token.IsEmpty)
                Add(token, id);
        }
    }

    public const int Root = 0;

    /// <summary>Goes one byte further; false if no token does.</summary>
    public bool TryStep(ref int node, byte value)
    {
        var key = ((long)node << 8) | value;
        var slot = Find(key);
        if (_keys[slot] != key)
            return false;
        node = _children[slot];
        return true;
    }

    /// <summary>Gets the token that ends at a node, or -1.</summary>
    public int TokenAt(int node) => _tokens[node];

    private int Find(long key)
    {
        var mask = _keys.Length - 1;
        var slot = (int)(ByteHash.Mix((ulong)key) >> 20) & mask;
        while (_keys[slot] >= 0 && _keys[slot] != key)
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Add(ReadOnlySpan<byte> token, int id)
    {
        var node = Root;
        foreach (var value in token)
        {
            var key = ((long)node << 8) | value;
            var slot = Find(key);
            if (_keys[slot] < 0)
            {
                _keys[slot] = key;
                _children[slot] = _tokens.Count;
                _tokens.Add(-1);
            }
            node = _children[slot];
        }
        _tokens[node] = id;
    }
}
