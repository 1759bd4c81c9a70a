using System.Runtime.CompilerServices;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary>
/// A sum of two or more operands. Templates build their turns of it, <c>'&lt;|im_start|&gt;' + role + '\n' + content</c>, and most often
/// only to print it: then the parts are written one after the other, and nobody copies the content.
/// </summary>
internal sealed class AddExpression(Expression[] operands) : Expression
{
    private const int OnStack = 8;

    public override Value Evaluate(RenderContext context)
    {
        var buffer = new Buffer();
        Span<Value> values = operands.Length <= OnStack ? buffer[..operands.Length] : new Value[operands.Length];
        if (!EvaluateTexts(context, values))
            return Fold(context, values);
        var length = 0L;
        foreach (var value in values)
            length += value.Text.Length;
        context.Making(length);
        return Value.Of(values.Length switch
        {
            2 => string.Concat(values[0].Text, values[1].Text),
            3 => string.Concat(values[0].Text, values[1].Text, values[2].Text),
            4 => string.Concat(values[0].Text, values[1].Text, values[2].Text, values[3].Text),
            _ => string.Concat(Texts(values)),
        });
    }

    public override void Write(RenderContext context)
    {
        var buffer = new Buffer();
        Span<Value> values = operands.Length <= OnStack ? buffer[..operands.Length] : new Value[operands.Length];
        if (!EvaluateTexts(context, values))
        {
            context.Write(Fold(context, values));
            return;
        }

        foreach (var value in values)
            context.Write(value);
    }

    private static string[] Texts(ReadOnlySpan<Value> values)
    {
        var texts = new string[values.Length];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = values[i].Text;
        return texts;
    }

    private static Value Fold(RenderContext context, ReadOnlySpan<Value> values)
    {
        var sum = values[0];
        foreach (ref readonly var value in values[1..])
            sum = Arithmetic.Add(context, sum, value);
        return sum;
    }

    private bool EvaluateTexts(RenderContext context, Span<Value> values)
    {
        var areTexts = true;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = operands[i].Evaluate(context);
            areTexts &= values[i].IsString;
        }

        return areTexts;
    }

    [InlineArray(OnStack)]
    private struct Buffer
    {
        private Value _first;
    }
}
