using System.Buffers;

namespace Gateway.Text.Detokenization;

/// <summary>
/// The stop strings of a request, as one automaton (Aho and Corasick's): each unit of text is looked at once, however many strings there are.
/// Immutable; all choices of an answer share it.
/// </summary>
/// <remarks>The string that is complete first ends the text; of those that are complete with the same unit, the longest.</remarks>
public sealed class StopSequences
{
    private readonly Dictionary<char, int> _columns = [];
    private readonly List<Node> _nodes = [];
    private readonly int[] _next;

    /// <summary>Creates the automaton. Empty strings never stop anything.</summary>
    /// <param name="stops">The strings.</param>
    /// <param name="included">Whether the text that is sent has the stop string at its end.</param>
    public StopSequences(IEnumerable<string> stops, bool included)
    {
        Included = included;
        var strings = stops.Where(static stop => stop.Length > 0).Distinct().ToArray();
        foreach (var unit in strings.SelectMany(static stop => stop))
            _columns.TryAdd(unit, _columns.Count);
        _nodes.Add(new Node("", 0, null));
        _next = BuildTransitions(strings);
        FirstUnits = SearchValues.Create([.. strings.Select(static stop => stop[0])]);
    }

    /// <summary>What has been seen of a string: its first units. If a whole one ends here, which.</summary>
    private readonly record struct Node(string String, int Depth, string? Stop);

    /// <summary>Gets whether the text that is sent has the stop string at its end.</summary>
    public bool Included { get; }

    /// <summary>Gets whether there is nothing to look for.</summary>
    public bool IsEmpty => _nodes.Count == 1;

    internal SearchValues<char> FirstUnits { get; }

    internal int Step(int node, char unit) =>
        _columns.TryGetValue(unit, out var column) ? _next[(node * _columns.Count) + column] : 0;

    /// <summary>Gets the units that were seen on the way to a node: the longest end of the text that may become a stop string.</summary>
    internal ReadOnlySpan<char> SeenAt(int node) => _nodes[node].String.AsSpan(0, _nodes[node].Depth);

    internal string? StopAt(int node) => _nodes[node].Stop;

    private int[] BuildTransitions(string[] strings)
    {
        var children = new List<int[]> { Row() };
        foreach (var stop in strings)
        {
            var node = 0;
            for (var index = 0; index < stop.Length; index++)
            {
                ref var child = ref children[node][_columns[stop[index]]];
                if (child < 0)
                {
                    child = _nodes.Count;
                    _nodes.Add(new Node(stop, index + 1, null));
                    children.Add(Row());
                }
                node = child;
            }
            _nodes[node] = _nodes[node] with { Stop = stop };
        }
        var next = new int[_nodes.Count * _columns.Count];
        var fallbacks = new int[_nodes.Count];
        var queue = new Queue<int>([0]);
        while (queue.TryDequeue(out var node))
        {
            // What ends here ends at the fallback too; the longest of them is this node's own, then the fallback's.
            _nodes[node] = _nodes[node] with { Stop = _nodes[node].Stop ?? _nodes[fallbacks[node]].Stop };
            for (var column = 0; column < _columns.Count; column++)
            {
                var child = children[node][column];
                var fallback = node == 0 ? 0 : next[(fallbacks[node] * _columns.Count) + column];
                next[(node * _columns.Count) + column] = child < 0 ? fallback : child;
                if (child < 0)
                    continue;
                fallbacks[child] = fallback;
                queue.Enqueue(child);
            }
        }
        return next;
    }

    private int[] Row()
    {
        var row = new int[_columns.Count];
        Array.Fill(row, -1);
        return row;
    }
}
