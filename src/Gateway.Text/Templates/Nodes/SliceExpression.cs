using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

internal sealed class SliceExpression(Expression owner, Expression? start, Expression? stop, Expression? step) : Expression
{
    public override Value Evaluate(RenderContext context) => Items.Slice(
        context,
        owner.Evaluate(context),
        start?.Evaluate(context) ?? default,
        stop?.Evaluate(context) ?? default,
        step?.Evaluate(context) ?? default);
}
