using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;

namespace Gateway.Text.Templates.Values;

/// <summary>The variable <c>loop</c>: one for each run of a <c>for</c>, and only where the body speaks of it.</summary>
internal sealed class LoopValue(ListValue items, int depth) : ObjectValue
{
    private Value[]? _lastSeen;

    public override string TypeName => "LoopContext";

    public int Index { get; set; }

    public override bool TryGetAttribute(RenderContext context, string name, out Value value)
    {
        value = name switch
        {
            "index0" => Value.Of((long)Index),
            "index" => Value.Of(Index + 1L),
            "first" => Value.Of(Index == 0),
            "last" => Value.Of(Index == items.Count - 1),
            "length" => Value.Of((long)items.Count),
            "revindex" => Value.Of((long)items.Count - Index),
            "revindex0" => Value.Of((long)items.Count - Index - 1),
            "previtem" => Index > 0 ? items[Index - 1] : Value.Undefined("there is no previous item"),
            "nextitem" => Index + 1 < items.Count ? items[Index + 1] : Value.Undefined("there is no next item"),
            "depth" => Value.Of(depth + 1L),
            "depth0" => Value.Of((long)depth),
            "cycle" => Value.Of(new BoundMethod("cycle", Cycle)),
            "changed" => Value.Of(new BoundMethod("changed", Changed)),
            _ => default,
        };
        return !value.IsMissing;
    }

    private Value Cycle(RenderContext context, in Arguments arguments) => arguments.PositionalCount == 0
        ? throw new TemplateException(TemplateFailure.Runtime, "no items for cycling given")
        : arguments[Index % arguments.PositionalCount];

    private Value Changed(RenderContext context, in Arguments arguments)
    {
        var seen = arguments.Positional.ToArray();
        var same = _lastSeen is { } last && last.Length == seen.Length;
        for (var i = 0; same && i < seen.Length; i++)
            same = Comparison.AreEqual(_lastSeen![i], seen[i], 0);
        _lastSeen = seen;
        return Value.Of(!same);
    }
}
