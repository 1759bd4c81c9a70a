using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary>
/// A variable. Which it can be is known when the template is compiled: the scopes around that set it somewhere, innermost first, and
/// then what the conversation or Jinja gives. Which one it is depends on what has been set so far.
/// </summary>
internal sealed class NameExpression(string name) : Expression
{
    private (int Hops, int Slot)[] _slots = [];
    private int _free;

    public string Name => name;

    /// <summary>Called once, by the parser, when it has seen every assignment.</summary>
    public void Resolve((int Hops, int Slot)[] slots, int free)
    {
        _slots = slots;
        _free = free;
    }

    public override Value Evaluate(RenderContext context)
    {
        foreach (var (hops, slot) in _slots)
        {
            var frame = context.Frame;
            for (var i = 0; i < hops; i++)
                frame = frame.Outer!;
            if (frame.Slots[slot] is { IsMissing: false } value)
                return value;
        }

        return context.Free[_free];
    }
}
