namespace Gateway.Text.Templates.Nodes;

/// <summary><c>set</c> with a body. The filters, if there are any, begin with a <see cref="CapturedExpression"/>.</summary>
internal sealed class SetBlockStatement(Target target, ScopedStatement body, CapturedExpression captured, Expression filtered) : Statement
{
    public override Flow Run(RenderContext context)
    {
        captured.Set(context, context.Capture(body));
        target.Assign(context, filtered.Evaluate(context));
        return Flow.Next;
    }
}
