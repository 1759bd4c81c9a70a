using Gateway.Text.Templates.Nodes;

namespace Gateway.Text.Templates.Values;

internal delegate Value Function(RenderContext context, in Arguments arguments);

/// <summary>A function as a value: a global, or a method taken from its object before it is called.</summary>
internal sealed class BoundMethod(string name, Function function) : ObjectValue
{
    public override string TypeName => "function";

    public override bool IsCallable => true;

    public override Value Call(RenderContext context, in Arguments arguments) => function(context, arguments);

    public override string ToString() => $"<function {name}>";
}
