using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

internal sealed class LiteralExpression(Value value) : Expression
{
    public override Value Evaluate(RenderContext context) => value;
}
