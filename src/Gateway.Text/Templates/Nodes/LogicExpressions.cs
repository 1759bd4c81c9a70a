using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary>Gives the operand that decides, not a truth.</summary>
internal sealed class AndExpression(Expression left, Expression right) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        var value = left.Evaluate(context);
        return PythonType.IsTrue(value) ? right.Evaluate(context) : value;
    }
}

/// <summary>Gives the operand that decides, not a truth.</summary>
internal sealed class OrExpression(Expression left, Expression right) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        var value = left.Evaluate(context);
        return PythonType.IsTrue(value) ? value : right.Evaluate(context);
    }
}

internal sealed class NotExpression(Expression operand) : Expression
{
    public override Value Evaluate(RenderContext context) => Value.Of(!PythonType.IsTrue(operand.Evaluate(context)));
}

/// <summary><c>a if b else c</c>; without an <c>else</c> it is undefined if not.</summary>
internal sealed class ConditionalExpression(Expression condition, Expression then, Expression? otherwise) : Expression
{
    private static readonly Value Nothing =
        Value.Undefined("the inline if-expression evaluated to false and no else section was defined.");

    public override Value Evaluate(RenderContext context) =>
        PythonType.IsTrue(condition.Evaluate(context)) ? then.Evaluate(context) : otherwise?.Evaluate(context) ?? Nothing;

    public override void Write(RenderContext context)
    {
        if (PythonType.IsTrue(condition.Evaluate(context)))
            then.Write(context);
        else
            otherwise?.Write(context);
    }
}
