namespace Gateway.Text.Templates.Nodes;

internal sealed class OutputStatement(Expression expression) : Statement
{
    public override Flow Run(RenderContext context)
    {
        expression.Write(context);
        return Flow.Next;
    }
}
