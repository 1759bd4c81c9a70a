using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

internal enum Comparator : byte
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

/// <summary>One comparison or a chain of them: <c>1 &lt; a &lt; 3</c> holds if both do.</summary>
internal sealed class CompareExpression(Expression first, (Comparator Comparator, Expression Operand)[] rest) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        var left = first.Evaluate(context);
        foreach (var (comparator, operand) in rest)
        {
            var right = operand.Evaluate(context);
            if (!Holds(context, comparator, left, right))
                return Value.False;
            left = right;
        }

        return Value.True;
    }

    private static bool Holds(RenderContext context, Comparator comparator, in Value left, in Value right) => comparator switch
    {
        Comparator.Equal => Comparison.AreEqual(left, right, 0),
        Comparator.NotEqual => !Comparison.AreEqual(left, right, 0),
        Comparator.In => Comparison.Contains(context, right, left),
        Comparator.NotIn => !Comparison.Contains(context, right, left),
        Comparator.Less => Comparison.Compare(context, "<", left, right) == -1,
        Comparator.Greater => Comparison.Compare(context, ">", left, right) == 1,
        Comparator.LessOrEqual => Comparison.Compare(context, "<=", left, right) is -1 or 0,
        _ => Comparison.Compare(context, ">=", left, right) is 0 or 1,
    };
}
