namespace Gateway.Text.Templates.Nodes;

internal sealed class SetStatement(Target target, Expression value) : Statement
{
    public override Flow Run(RenderContext context)
    {
        target.Assign(context, value.Evaluate(context));
        return Flow.Next;
    }
}
