using Gateway.Text.Templates.Library;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary><c>owner.name</c></summary>
internal sealed class AttributeExpression(Expression owner, string name) : Expression
{
    // Messages lack most of what templates ask them for.
    private readonly Value _missing = Value.Undefined(name, "dict object");
    private readonly bool _isMethod = MethodTable.Dictionary.ContainsKey(name);

    public Expression Owner => owner;

    public string Name => name;

    public override Value Evaluate(RenderContext context)
    {
        var value = owner.Evaluate(context);
        return value.Kind == Kind.Dictionary && !_isMethod
            ? value.Dictionary.TryGet(name, out var item) ? item : _missing
            : Items.Attribute(context, value, name);
    }
}
