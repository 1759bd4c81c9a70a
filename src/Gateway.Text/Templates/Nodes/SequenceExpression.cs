using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary>A list or a tuple; a new one each time, since a template may write to it.</summary>
internal sealed class SequenceExpression(Expression[] items, ListShape shape) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        context.Steps(items.Length);
        var values = new Value[items.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = items[i].Evaluate(context);
        return Value.Of(new ListValue(values, shape));
    }
}
