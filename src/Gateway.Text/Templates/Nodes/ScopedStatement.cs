using Gateway.Text.Templates.Syntax;

namespace Gateway.Text.Templates.Nodes;

/// <summary>A body whose variables end with it: <c>with</c>, <c>generation</c>, and the bodies of <c>set</c> and <c>filter</c>.</summary>
internal sealed class ScopedStatement(Scope scope, (Target Target, Expression Value)[] variables, Statement body) : Statement
{
    public override Flow Run(RenderContext context)
    {
        // The values of all are of the scope around.
        var values = variables.Length == 0 ? [] : Array.ConvertAll(variables, variable => variable.Value.Evaluate(context));
        scope.Clear(context.Frame);
        for (var i = 0; i < values.Length; i++)
            variables[i].Target.Assign(context, values[i]);
        return body.Run(context);
    }
}
