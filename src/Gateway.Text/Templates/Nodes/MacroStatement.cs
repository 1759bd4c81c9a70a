using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

internal sealed class MacroStatement(Target target, MacroDefinition definition) : Statement
{
    public override Flow Run(RenderContext context)
    {
        target.Assign(context, Value.Of(new MacroValue(definition, context.Frame)));
        return Flow.Next;
    }
}
