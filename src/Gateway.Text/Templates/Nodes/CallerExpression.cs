using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary>The body of a <c>call</c>, as the argument that the macro calls back. The statement itself prints the call.</summary>
internal sealed class CallerExpression(MacroDefinition body) : Expression
{
    public override Value Evaluate(RenderContext context) => Value.Of(new MacroValue(body, context.Frame));
}
