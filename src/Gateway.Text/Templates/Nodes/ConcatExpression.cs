using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary><c>a ~ b</c>: both printed.</summary>
internal sealed class ConcatExpression(Expression[] operands) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        var texts = new string[operands.Length];
        var length = 0L;
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = Printing.Text(context, operands[i].Evaluate(context));
            length += texts[i].Length;
        }

        context.Making(length);
        return Value.Of(string.Concat(texts));
    }

    public override void Write(RenderContext context)
    {
        foreach (var operand in operands)
            operand.Write(context);
    }
}
