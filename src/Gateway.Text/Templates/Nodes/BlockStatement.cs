namespace Gateway.Text.Templates.Nodes;

/// <summary>Statements one after the other. Whatever fails in one gets that one's line.</summary>
internal sealed class BlockStatement(Statement[] statements) : Statement
{
    public override Flow Run(RenderContext context)
    {
        var at = 0;
        try
        {
            for (; at < statements.Length; at++)
            {
                context.Step();
                if (statements[at].Run(context) is var flow && flow != Flow.Next)
                    return flow;
            }

            return Flow.Next;
        }
        catch (TemplateException e) when (e.Line == 0)
        {
            throw e.At(statements[at].Line);
        }
    }
}
