using Gateway.Text.Templates.Library;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary><c>owner[key]</c></summary>
internal sealed class ItemExpression(Expression owner, Expression key) : Expression
{
    public override Value Evaluate(RenderContext context) => Items.Item(context, owner.Evaluate(context), key.Evaluate(context));
}

/// <summary><c>owner['name']</c>, where the name is known.</summary>
internal sealed class NamedItemExpression(Expression owner, string name) : Expression
{
    private readonly Value _key = Value.Of(name);
    private readonly Value _missing = Value.Undefined(name, "dict object");
    private readonly bool _isMethod = MethodTable.Dictionary.ContainsKey(name);

    public override Value Evaluate(RenderContext context)
    {
        var value = owner.Evaluate(context);
        return value.Kind == Kind.Dictionary && !_isMethod
            ? value.Dictionary.TryGet(name, out var item) ? item : _missing
            : Items.Item(context, value, _key);
    }
}
