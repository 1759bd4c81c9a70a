using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary>What a body printed, as the first operand of the filters on it. It has a variable without a name.</summary>
internal sealed class CapturedExpression(int slot) : Expression
{
    public void Set(RenderContext context, in Value value) => context.Frame.Slots[slot] = value;

    public override Value Evaluate(RenderContext context) => context.Frame.Slots[slot];
}
