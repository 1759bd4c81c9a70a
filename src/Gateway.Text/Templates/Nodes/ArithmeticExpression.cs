using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Syntax;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

internal sealed class ArithmeticExpression(TokenKind sign, Expression left, Expression right) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        var (a, b) = (left.Evaluate(context), right.Evaluate(context));
        return sign switch
        {
            TokenKind.Minus => Arithmetic.Subtract(a, b),
            TokenKind.Star => Arithmetic.Multiply(context, a, b),
            TokenKind.Slash => Arithmetic.Divide(a, b),
            TokenKind.DoubleSlash => Arithmetic.FloorDivide(a, b),
            TokenKind.Percent => Arithmetic.Modulo(context, a, b),
            _ => Arithmetic.Power(a, b),
        };
    }
}

internal sealed class SignExpression(bool negative, Expression operand) : Expression
{
    public override Value Evaluate(RenderContext context) =>
        negative ? Arithmetic.Negate(operand.Evaluate(context)) : Arithmetic.Plus(operand.Evaluate(context));
}
