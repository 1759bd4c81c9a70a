using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

internal sealed class LiteralExpression(Value literal) : Expression
{
    public Value Literal => literal;

    public override Value Evaluate(RenderContext context) => literal;
}
