namespace Gateway.Text.Templates.Nodes;

/// <summary><c>filter</c>: its body's output, filtered.</summary>
internal sealed class FilterStatement(ScopedStatement body, CapturedExpression captured, Expression filtered) : Statement
{
    public override Flow Run(RenderContext context)
    {
        captured.Set(context, context.Capture(body));
        filtered.Write(context);
        return Flow.Next;
    }
}
