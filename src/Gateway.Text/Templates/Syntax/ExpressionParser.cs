using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Syntax;

/// <summary>
/// Jinja's expressions, by recursive descent, from the loosest binding to the tightest: conditional, or, and, not, comparisons, plus and
/// minus, tilde, times and its like, power, sign, and what follows a primary.
/// </summary>
internal sealed class ExpressionParser(TokenStream tokens, Names names)
{
    private const int MaxDepth = 100;

    /// <summary>Of a tree: its evaluation takes some hundred bytes of stack a level.</summary>
    private const int MaxHeight = 200;

    private readonly List<(string What, int Line)> _unknown = [];
    private int _depth;

    /// <summary>How many unknown filters and tests there are. One that a condition guards is an error only when it is reached.</summary>
    public int UnknownCount => _unknown.Count;

    public void ForgiveUnknown(int count) => _unknown.RemoveRange(count, _unknown.Count - count);

    public void ThrowIfUnknown()
    {
        if (_unknown.Count > 0)
            throw new TemplateException(TemplateFailure.Syntax, $"No {_unknown[0].What}.", _unknown[0].Line);
    }

    /// <summary>An expression, or a tuple of them without parentheses.</summary>
    public Expression ParseTuple(bool withCondition = true)
    {
        var first = withCondition ? Parse() : ParseOr();
        if (tokens.Kind != TokenKind.Comma)
            return first;
        var items = new List<Expression> { first };
        while (tokens.Skip(TokenKind.Comma))
        {
            if (IsEndOfTuple())
                break;
            items.Add(withCondition ? Parse() : ParseOr());
        }

        return Made(new SequenceExpression([.. items], ListShape.Tuple), items);
    }

    public Expression Parse()
    {
        Enter();
        var unknown = UnknownCount;
        var expression = ParseOr();
        while (tokens.SkipName("if"))
        {
            var condition = ParseOr();
            var otherwise = tokens.SkipName("else") ? Parse() : null;
            ForgiveUnknown(unknown);
            expression = Made(new ConditionalExpression(condition, expression, otherwise), [condition, expression, otherwise ?? condition]);
        }

        _depth--;
        return expression;
    }

    public Expression ParseOr()
    {
        var left = ParseAnd();
        while (tokens.SkipName("or"))
        {
            var right = ParseAnd();
            left = Made(new OrExpression(left, right), [left, right]);
        }

        return left;
    }

    /// <summary>The filters after an operand that is already there.</summary>
    public Expression ParseFilters(Expression operand, bool startsWithName = false)
    {
        while (startsWithName || tokens.Skip(TokenKind.Pipe))
        {
            startsWithName = false;
            operand = ParseFilter(operand);
        }

        return operand;
    }

    public ArgumentList ParseArguments()
    {
        tokens.Expect(TokenKind.LeftParenthesis, "(");
        var (positional, named, values) = (new List<Expression>(), new List<string>(), new List<Expression>());
        Expression? spread = null;
        Expression? namedSpread = null;
        for (var isFirst = true; tokens.Kind != TokenKind.RightParenthesis; isFirst = false)
        {
            if (!isFirst)
            {
                tokens.Expect(TokenKind.Comma, ",");
                if (tokens.Kind == TokenKind.RightParenthesis)
                    break;
            }

            if (tokens.Skip(TokenKind.DoubleStar))
            {
                namedSpread = namedSpread is null ? Parse() : throw tokens.Error("invalid syntax for function call expression");
            }
            else if (tokens.Skip(TokenKind.Star))
            {
                spread = spread is null && namedSpread is null ? Parse() : throw tokens.Error("invalid syntax for function call expression");
            }
            else if (tokens.Kind == TokenKind.Name && tokens.Next.Kind == TokenKind.Assign && namedSpread is null)
            {
                named.Add(tokens.Take().Text);
                tokens.Take();
                values.Add(Parse());
            }
            else if (named.Count == 0 && spread is null && namedSpread is null)
            {
                positional.Add(Parse());
            }
            else
            {
                throw tokens.Error("invalid syntax for function call expression");
            }
        }

        tokens.Expect(TokenKind.RightParenthesis, ")");
        if (named.Distinct().Count() < named.Count)
            throw tokens.Error("keyword argument repeated");
        return new([.. positional], [.. named], [.. values]) { Spread = spread, NamedSpread = namedSpread };
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (tokens.SkipName("and"))
        {
            var right = ParseNot();
            left = Made(new AndExpression(left, right), [left, right]);
        }

        return left;
    }

    private Expression ParseNot()
    {
        if (!tokens.Current.IsName("not"))
            return ParseComparison();
        Enter();
        tokens.Take();
        var operand = ParseNot();
        _depth--;
        return Made(new NotExpression(operand), [operand]);
    }

    private Expression ParseComparison()
    {
        var first = ParseSum();
        var rest = new List<(Comparator, Expression)>();
        while (TakeComparator() is { } comparator)
            rest.Add((comparator, ParseSum()));
        return rest.Count == 0
            ? first
            : Made(new CompareExpression(first, [.. rest]), [first, .. rest.Select(static pair => pair.Item2)]);
    }

    private Comparator? TakeComparator()
    {
        Comparator? comparator = tokens.Kind switch
        {
            TokenKind.Equal => Comparator.Equal,
            TokenKind.NotEqual => Comparator.NotEqual,
            TokenKind.Less => Comparator.Less,
            TokenKind.LessOrEqual => Comparator.LessOrEqual,
            TokenKind.Greater => Comparator.Greater,
            TokenKind.GreaterOrEqual => Comparator.GreaterOrEqual,
            TokenKind.Name when tokens.Current.Text == "in" => Comparator.In,
            TokenKind.Name when tokens.Current.Text == "not" && tokens.Next.IsName("in") => Comparator.NotIn,
            _ => null,
        };
        if (comparator is not null)
            tokens.Take();
        if (comparator == Comparator.NotIn)
            tokens.Take();
        return comparator;
    }

    private Expression ParseSum()
    {
        var left = ParseConcat();
        while (tokens.Kind is TokenKind.Plus or TokenKind.Minus)
        {
            if (tokens.Skip(TokenKind.Minus))
            {
                var right = ParseConcat();
                left = Made(new ArithmeticExpression(TokenKind.Minus, left, right), [left, right]);
                continue;
            }

            var operands = new List<Expression> { left };
            while (tokens.Skip(TokenKind.Plus))
                operands.Add(ParseConcat());
            left = Made(new AddExpression([.. operands]), operands);
        }

        return left;
    }

    private Expression ParseConcat()
    {
        var first = ParseProduct();
        if (tokens.Kind != TokenKind.Tilde)
            return first;
        var operands = new List<Expression> { first };
        while (tokens.Skip(TokenKind.Tilde))
            operands.Add(ParseProduct());
        return Made(new ConcatExpression([.. operands]), operands);
    }

    private Expression ParseProduct()
    {
        var left = ParsePower();
        while (tokens.Kind is TokenKind.Star or TokenKind.Slash or TokenKind.DoubleSlash or TokenKind.Percent)
        {
            var sign = tokens.Take().Kind;
            var right = ParsePower();
            left = Made(new ArithmeticExpression(sign, left, right), [left, right]);
        }

        return left;
    }

    private Expression ParsePower()
    {
        var left = ParseSigned(withFilters: true);
        while (tokens.Skip(TokenKind.DoubleStar))
        {
            var right = ParseSigned(withFilters: true);
            left = Made(new ArithmeticExpression(TokenKind.DoubleStar, left, right), [left, right]);
        }

        return left;
    }

    private Expression ParseSigned(bool withFilters)
    {
        Enter();
        Expression expression;
        if (tokens.Kind is TokenKind.Minus or TokenKind.Plus)
        {
            var negative = tokens.Take().Kind == TokenKind.Minus;
            var operand = ParseSigned(withFilters: false);
            expression = Made(new SignExpression(negative, operand), [operand]);
        }
        else
        {
            expression = ParsePrimary();
        }

        expression = ParsePostfix(expression);
        if (withFilters)
            expression = ParseFiltersAndTests(expression);
        _depth--;
        return expression;
    }

    private Expression ParsePostfix(Expression expression)
    {
        while (true)
        {
            expression = tokens.Kind switch
            {
                TokenKind.Dot => ParseAttribute(expression),
                TokenKind.LeftBracket => ParseSubscript(expression),
                TokenKind.LeftParenthesis => ParseCall(expression),
                _ => expression,
            };
            if (tokens.Kind is not (TokenKind.Dot or TokenKind.LeftBracket or TokenKind.LeftParenthesis))
                return expression;
        }
    }

    private Expression ParseFiltersAndTests(Expression expression)
    {
        while (true)
        {
            if (tokens.Skip(TokenKind.Pipe))
                expression = ParseFilter(expression);
            else if (tokens.SkipName("is"))
                expression = ParseTest(expression);
            else if (tokens.Kind == TokenKind.LeftParenthesis)
                expression = ParseCall(expression);
            else
                return expression;
        }
    }

    private FilterExpression ParseFilter(Expression operand)
    {
        var line = tokens.Line;
        var name = ParseDottedName();
        var arguments = tokens.Kind == TokenKind.LeftParenthesis ? ParseArguments() : ArgumentList.None;
        var filter = Made(new FilterExpression(operand, name, arguments), [operand], arguments);
        if (!filter.IsKnown)
            _unknown.Add(($"filter named '{name}'", line));
        return filter;
    }

    private Expression ParseTest(Expression operand)
    {
        var line = tokens.Line;
        var negated = tokens.SkipName("not");
        var name = ParseDottedName();
        var arguments = ArgumentList.None;
        if (tokens.Kind == TokenKind.LeftParenthesis)
        {
            arguments = ParseArguments();
        }
        else if (StartsArgument())
        {
            if (tokens.Current.IsName("is"))
                throw tokens.Error("You cannot chain multiple tests with is");
            arguments = new([ParsePostfix(ParsePrimary())], [], []);
        }

        var test = Made(new TestExpression(operand, name, arguments), [operand], arguments);
        if (!test.IsKnown)
            _unknown.Add(($"test named '{name}'", line));
        return negated ? Made(new NotExpression(test), [test]) : test;
    }

    /// <summary>Whether a test's argument follows without parentheses, as in <c>is divisibleby 3</c>.</summary>
    private bool StartsArgument() => tokens.Kind switch
    {
        TokenKind.Text or TokenKind.Integer or TokenKind.Float or TokenKind.LeftBracket or TokenKind.LeftBrace => true,
        TokenKind.Name => tokens.Current.Text is not ("else" or "or" or "and"),
        _ => false,
    };

    private string ParseDottedName()
    {
        var name = tokens.Expect(TokenKind.Name, "name").Text;
        while (tokens.Skip(TokenKind.Dot))
            name += "." + tokens.Expect(TokenKind.Name, "name").Text;
        return name;
    }

    private Expression ParseAttribute(Expression owner)
    {
        tokens.Take();
        if (tokens.Kind == TokenKind.Integer)
        {
            var index = Number(tokens.Take());
            return Made(new ItemExpression(owner, index), [owner, index]);
        }

        var name = tokens.Expect(TokenKind.Name, "name").Text;
        if (tokens.Kind != TokenKind.LeftParenthesis)
            return Made(new AttributeExpression(owner, name), [owner]);
        var arguments = ParseArguments();
        return Made(new MethodCallExpression(owner, name, arguments), [owner], arguments);
    }

    private CallExpression ParseCall(Expression callee)
    {
        var arguments = ParseArguments();
        return Made(new CallExpression(callee, arguments), [callee], arguments);
    }

    private Expression ParseSubscript(Expression owner)
    {
        tokens.Take();
        if (tokens.Kind == TokenKind.RightBracket)
            throw tokens.Error("expected subscript expression");
        var key = tokens.Kind == TokenKind.Colon ? null : Parse();
        if (tokens.Skip(TokenKind.Colon))
            return ParseSlice(owner, key);
        var items = new List<Expression> { key! };
        while (tokens.Skip(TokenKind.Comma))
            items.Add(Parse());
        tokens.Expect(TokenKind.RightBracket, "]");
        if (items.Count > 1)
            key = Made(new SequenceExpression([.. items], ListShape.Tuple), items);
        return key is LiteralExpression { Literal: { IsString: true } literal }
            ? Made(new NamedItemExpression(owner, literal.Text), [owner])
            : Made(new ItemExpression(owner, key!), [owner, key!]);
    }

    private SliceExpression ParseSlice(Expression owner, Expression? start)
    {
        var stop = tokens.Kind is TokenKind.Colon or TokenKind.RightBracket ? null : Parse();
        var step = tokens.Skip(TokenKind.Colon) && tokens.Kind != TokenKind.RightBracket ? Parse() : null;
        tokens.Expect(TokenKind.RightBracket, "]");
        return Made(new SliceExpression(owner, start, stop, step), [owner, start ?? owner, stop ?? owner, step ?? owner]);
    }

    private Expression ParsePrimary()
    {
        var token = tokens.Take();
        return token.Kind switch
        {
            TokenKind.Name => token.Text switch
            {
                "true" or "True" => Literal(Value.True),
                "false" or "False" => Literal(Value.False),
                "none" or "None" => Literal(Value.None),
                _ => names.Use(token.Text),
            },
            TokenKind.Text => ParseText(token.Text),
            TokenKind.Integer or TokenKind.Float => Number(token),
            TokenKind.LeftParenthesis => ParseParenthesized(),
            TokenKind.LeftBracket => ParseList(),
            TokenKind.LeftBrace => ParseDictionary(),
            _ => throw new TemplateException(TemplateFailure.Syntax, $"unexpected '{token}'", token.Line),
        };
    }

    private LiteralExpression ParseText(string text)
    {
        while (tokens.Kind == TokenKind.Text)
            text += tokens.Take().Text;
        return Literal(Value.Of(text));
    }

    private Expression ParseParenthesized()
    {
        if (tokens.Skip(TokenKind.RightParenthesis))
            return Made(new SequenceExpression([], ListShape.Tuple), []);
        var expression = ParseTuple();
        tokens.Expect(TokenKind.RightParenthesis, ")");
        return expression;
    }

    private SequenceExpression ParseList()
    {
        var items = new List<Expression>();
        while (tokens.Kind != TokenKind.RightBracket)
        {
            items.Add(Parse());
            if (tokens.Kind != TokenKind.RightBracket)
                tokens.Expect(TokenKind.Comma, ",");
        }

        tokens.Take();
        return Made(new SequenceExpression([.. items], ListShape.List), items);
    }

    private DictionaryExpression ParseDictionary()
    {
        var entries = new List<(Expression Key, Expression Value)>();
        while (tokens.Kind != TokenKind.RightBrace)
        {
            var key = Parse();
            tokens.Expect(TokenKind.Colon, ":");
            entries.Add((key, Parse()));
            if (tokens.Kind != TokenKind.RightBrace)
                tokens.Expect(TokenKind.Comma, ",");
        }

        tokens.Take();
        return Made(
            new DictionaryExpression([.. entries]),
            [.. entries.Select(static entry => entry.Key), .. entries.Select(static entry => entry.Value)]);
    }

    private static LiteralExpression Number(Token token)
    {
        var text = token.Text.Replace("_", "", StringComparison.Ordinal);
        if (token.Kind == TokenKind.Float)
            return Literal(Value.Of(double.Parse(text, CultureInfo.InvariantCulture)));
        if (text.Length > 4300)
            throw new TemplateException(TemplateFailure.Syntax, "an integer has more than 4300 digits", token.Line);
        if (text.Length <= 2 || char.IsAsciiDigit(text[1]))
            return Literal(Value.Of(BigInteger.Parse(text, CultureInfo.InvariantCulture)));
        var digitBits = char.ToLowerInvariant(text[1]) switch { 'x' => 4, 'o' => 3, _ => 1 };
        var number = BigInteger.Zero;
        foreach (var character in text.AsSpan(2))
        {
            var digit = Convert.ToInt32(character.ToString(), 16);
            number = digit < 1 << digitBits
                ? (number << digitBits) + digit
                : throw new TemplateException(TemplateFailure.Syntax, $"invalid digit in '{text}'", token.Line);
        }

        return Literal(Value.Of(number));
    }

    private static LiteralExpression Literal(Value value) => new(value) { Height = 1 };

    private bool IsEndOfTuple() => tokens.Kind is TokenKind.BlockEnd or TokenKind.VariableEnd or TokenKind.RightParenthesis
        || tokens.Current.IsName("in");

    private T Made<T>(T expression, IEnumerable<Expression> children, ArgumentList? arguments = null)
        where T : Expression
    {
        var height = arguments?.Height ?? 0;
        foreach (var child in children)
            height = Math.Max(height, child.Height);
        expression.Height = height + 1;
        return expression.Height <= MaxHeight ? expression : throw tokens.Error("an expression has too many parts within parts");
    }

    private void Enter()
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw tokens.Error("expressions are nested too deep");
    }
}
