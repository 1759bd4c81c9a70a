using Gateway.Text.Templates.Library;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

internal sealed class CallExpression(Expression callee, ArgumentList arguments) : Expression
{
    public CallExpression With(string name, Expression value) => new(callee, arguments.With(name, value)) { Height = Height + 1 };

    public override Value Evaluate(RenderContext context) => arguments.Call(context, callee.Evaluate(context));
}

/// <summary><c>owner.name(…)</c>: a method is looked up when the template is compiled, once for each type that has one of that name.</summary>
internal sealed class MethodCallExpression(Expression owner, string method, ArgumentList arguments) : Expression
{
    private readonly Builtin? _ofText = MethodTable.Text.GetValueOrDefault(method);
    private readonly Builtin? _ofList = MethodTable.List.GetValueOrDefault(method);
    private readonly Builtin? _ofDictionary = MethodTable.Dictionary.GetValueOrDefault(method);

    public MethodCallExpression With(string name, Expression value) =>
        new(owner, method, arguments.With(name, value)) { Height = Height + 1 };

    public override Value Evaluate(RenderContext context)
    {
        var value = owner.Evaluate(context);
        var found = value.Kind switch
        {
            Kind.String => _ofText,
            Kind.List => _ofList,
            Kind.Dictionary => _ofDictionary,
            _ => null,
        };
        return found is not null
            ? arguments.Call(context, found, value)
            : arguments.Call(context, Items.Attribute(context, value, method));
    }
}
