using Gateway.Text.Templates.Operations;

namespace Gateway.Text.Templates.Nodes;

internal sealed class IfStatement((Expression Condition, Statement Body)[] branches, Statement? otherwise) : Statement
{
    public override Flow Run(RenderContext context)
    {
        foreach (var (condition, body) in branches)
        {
            if (PythonType.IsTrue(condition.Evaluate(context)))
                return body.Run(context);
        }

        return otherwise?.Run(context) ?? Flow.Next;
    }
}
