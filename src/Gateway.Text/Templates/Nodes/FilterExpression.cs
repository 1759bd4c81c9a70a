using Gateway.Text.Templates.Library;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

internal sealed class FilterExpression(Expression operand, string name, ArgumentList arguments) : Expression
{
    private readonly Builtin? _filter = FilterTable.All.GetValueOrDefault(name);

    public bool IsKnown => _filter is not null;

    public override Value Evaluate(RenderContext context) =>
        arguments.Call(context, _filter ?? FilterTable.Find(name), operand.Evaluate(context));
}

internal sealed class TestExpression(Expression operand, string name, ArgumentList arguments) : Expression
{
    private readonly Builtin? _test = TestTable.All.GetValueOrDefault(name);

    public bool IsKnown => _test is not null;

    public override Value Evaluate(RenderContext context) =>
        arguments.Call(context, _test ?? TestTable.Find(name), operand.Evaluate(context));
}
