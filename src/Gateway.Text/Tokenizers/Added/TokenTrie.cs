using System.Buffers;

namespace Gateway.Text.Tokenizers.Added;

/// <summary>Finds the leftmost, and there the longest, of many strings.</summary>
internal sealed class TokenTrie
{
    private const int Root = 0;

    private readonly Dictionary<long, int> _children = [];
    private readonly List<int> _valueOfNode = [-1];
    private readonly SearchValues<char> _firstUnits;

    /// <summary>Creates a trie of strings, each of which has its index as value. Of equal ones the first counts.</summary>
    public TokenTrie(IReadOnlyList<string> contents)
    {
        for (var value = 0; value < contents.Count; value++)
            Add(contents[value], value);
        _firstUnits = SearchValues.Create([.. _children.Keys.Where(static key => key >> 16 == Root).Select(static key => (char)key)]);
    }

    public bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int end, out int value)
    {
        for (start = from; start < text.Length; start++)
        {
            var next = text[start..].IndexOfAny(_firstUnits);
            if (next < 0)
                break;
            start += next;
            if (TryMatch(text, start, out end, out value))
                return true;
        }
        (start, end, value) = (text.Length, text.Length, -1);
        return false;
    }

    private static long Key(int node, char unit) => ((long)node << 16) | unit;

    private bool TryMatch(ReadOnlySpan<char> text, int start, out int end, out int value)
    {
        (end, value) = (start, -1);
        var node = Root;
        for (var index = start; index < text.Length && _children.TryGetValue(Key(node, text[index]), out node); index++)
        {
            if (_valueOfNode[node] >= 0)
                (end, value) = (index + 1, _valueOfNode[node]);
        }
        return value >= 0;
    }

    private void Add(string content, int value)
    {
        if (content.Length == 0)
            return;
        var node = Root;
        foreach (var unit in content)
        {
            if (!_children.TryGetValue(Key(node, unit), out var child))
            {
                child = _valueOfNode.Count;
                _valueOfNode.Add(-1);
                _children.Add(Key(node, unit), child);
            }
            node = child;
        }
        if (_valueOfNode[node] < 0)
            _valueOfNode[node] = value;
    }
}
