using Gateway.Text.Templates.Nodes;

namespace Gateway.Text.Templates.Syntax;

/// <summary>What has one frame of variables: the template, a macro, the body of a <c>call</c>.</summary>
internal sealed class FunctionScope
{
    public int SlotCount { get; private set; }

    public int Take() => SlotCount++;
}

/// <summary>Where names are set: a function's own body, or a loop or another body within it, which share the function's frame.</summary>
internal sealed class Scope(FunctionScope function, Scope? parent)
{
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private int[]? _cleared;

    public FunctionScope Function => function;

    public Scope? Parent => parent;

    public int Declare(string name)
    {
        if (!_slots.TryGetValue(name, out var slot))
            _slots[name] = slot = function.Take();
        return slot;
    }

    /// <summary>The places where the name may have been set, innermost first.</summary>
    public List<(int Hops, int Slot)> Find(string name)
    {
        var found = new List<(int, int)>();
        var hops = 0;
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._slots.TryGetValue(name, out var slot))
                found.Add((hops, slot));
            if (scope.Parent is { } outer && outer.Function != scope.Function)
                hops++;
        }

        return found;
    }

    /// <summary>No more names will come.</summary>
    public void Close() => _cleared = [.. _slots.Values];

    public void Clear(Frame frame)
    {
        foreach (var slot in _cleared!)
            frame.Slots[slot] = default;
    }
}
