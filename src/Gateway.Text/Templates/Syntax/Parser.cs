using System.Runtime.CompilerServices;
using Gateway.Text.Templates.Nodes;

namespace Gateway.Text.Templates.Syntax;

/// <summary>What a template compiles to.</summary>
/// <param name="Body">All of it.</param>
/// <param name="SlotCount">Variables of the outermost frame.</param>
/// <param name="Free">The names that have to be given from outside, by their index.</param>
internal sealed record CompiledTemplate(Statement Body, int SlotCount, string[] Free);

/// <summary>Jinja's statements. Those that would read another template are refused: a chat template stands alone.</summary>
internal sealed class Parser
{
    private const int MaxDepth = 60;

    private readonly TokenStream _tokens;
    private readonly Names _names = new();
    private readonly ExpressionParser _expressions;
    private int _depth;
    private int _loops;

    private Parser(string source)
    {
        _tokens = new(Lexer.Tokenize(source));
        _expressions = new(_tokens, _names);
    }

    public static CompiledTemplate Parse(string source)
    {
        var parser = new Parser(source);
        var body = parser.ParseBody();
        if (parser._tokens.Kind != TokenKind.End)
            throw parser._tokens.Error($"Encountered unknown tag '{parser._tokens.Next}'.");
        parser._expressions.ThrowIfUnknown();
        return new(body, parser._names.Root.SlotCount, parser._names.Resolve());
    }

    /// <summary>Statements up to a tag that is none of its own, such as <c>endif</c>, or the end.</summary>
    private BlockStatement ParseBody(params ReadOnlySpan<string> ends)
    {
        if (++_depth > MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw _tokens.Error("statements are nested too deep");
        var statements = new List<Statement>();
        while (_tokens.Kind != TokenKind.End && !(_tokens.Kind == TokenKind.BlockBegin && ends.Contains(_tokens.Next.Text)))
            statements.Add(ParseStatement());
        if (!ends.IsEmpty && _tokens.Kind == TokenKind.End)
            throw _tokens.Error($"Unexpected end of template. The innermost block that needs to be closed ends with '{ends[^1]}'.");
        _depth--;
        return new([.. statements]);
    }

    private Statement ParseStatement()
    {
        var token = _tokens.Take();
        switch (token.Kind)
        {
            case TokenKind.Data:
                return new DataStatement(token.Text) { Line = token.Line };
            case TokenKind.VariableBegin:
                var printed = _expressions.ParseTuple();
                _tokens.Expect(TokenKind.VariableEnd, "end of print statement");
                return new OutputStatement(printed) { Line = token.Line };
        }

        var name = _tokens.Expect(TokenKind.Name, "name");
        return name.Text switch
        {
            "if" => ParseIf(token.Line),
            "for" => ParseFor(token.Line),
            "set" => ParseSet(token.Line),
            "macro" => ParseMacro(token.Line),
            "call" => ParseCall(token.Line),
            "filter" => ParseFilter(token.Line),
            "with" => ParseWith(token.Line),
            "generation" => ParseGeneration(token.Line),
            "block" => ParseBlock(token.Line),
            "break" or "continue" => ParseJump(name),
            "include" or "import" or "from" or "extends" => throw new TemplateException(
                TemplateFailure.Syntax, $"'{name.Text}' is not supported: a chat template cannot read another template", name.Line),
            _ => throw new TemplateException(TemplateFailure.Syntax, $"Encountered unknown tag '{name.Text}'.", name.Line),
        };
    }

    private IfStatement ParseIf(int line)
    {
        var unknown = _expressions.UnknownCount;
        var branches = new List<(Expression, Statement)>();
        do
        {
            var condition = _expressions.ParseTuple(withCondition: false);
            EndTag();
            branches.Add((condition, ParseBody("elif", "else", "endif")));
            _tokens.Take();
        }
        while (_tokens.SkipName("elif"));
        Statement? otherwise = null;
        if (_tokens.SkipName("else"))
        {
            EndTag();
            otherwise = ParseBody("endif");
            _tokens.Take();
        }

        _tokens.ExpectName("endif");
        EndTag();
        _expressions.ForgiveUnknown(unknown);
        return new([.. branches], otherwise) { Line = line };
    }

    private ForStatement ParseFor(int line)
    {
        // The target is in the loop's scope, what is gone through in the one around: it is parsed after, but in another scope.
        var around = _names.Current;
        var scope = _names.Open();
        var target = ParseTarget(withNamespace: false);
        _tokens.ExpectName("in");
        _names.Reopen(around);
        var iterable = _expressions.ParseTuple(withCondition: false);
        _names.Reopen(scope);
        var mark = _names.Mark;
        var condition = _tokens.SkipName("if") ? _expressions.Parse() : null;
        if (_tokens.Current.IsName("recursive"))
            throw _tokens.Error("'recursive' loops are not supported");
        EndTag();
        _loops++;
        var body = ParseBody("else", "endfor");
        _loops--;
        var loop = _names.IsUsedSince(mark, "loop") ? scope.Declare("loop") : -1;
        _names.Reopen(around);
        _tokens.Take();
        Statement? otherwise = null;
        if (_tokens.SkipName("else"))
        {
            EndTag();
            otherwise = ParseBody("endfor");
            _tokens.Take();
        }

        _tokens.ExpectName("endfor");
        EndTag();
        scope.Close();
        return new(scope, target, iterable, body) { Line = line, Condition = condition, Otherwise = otherwise, LoopSlot = loop };
    }

    private Statement ParseSet(int line)
    {
        var target = ParseTarget(withNamespace: true);
        if (_tokens.Skip(TokenKind.Assign))
        {
            var value = _expressions.ParseTuple();
            EndTag();
            return new SetStatement(target, value) { Line = line };
        }

        var captured = new CapturedExpression(_names.Current.Function.Take()) { Height = 1 };
        var filtered = _expressions.ParseFilters(captured);
        EndTag();
        var body = ParseScoped([], "endset", line);
        return new SetBlockStatement(target, body, captured, filtered) { Line = line };
    }

    private MacroStatement ParseMacro(int line)
    {
        var name = _tokens.Expect(TokenKind.Name, "name").Text;
        var target = new SlotTarget(_names.Current.Declare(name));
        var around = _names.Current;
        var scope = _names.Open(new FunctionScope());
        var mark = _names.Mark;
        var parameters = ParseParameters(scope);
        EndTag();
        return new(target, ParseFunction(name, "endmacro", parameters, scope, around, mark)) { Line = line };
    }

    private OutputStatement ParseCall(int line)
    {
        // The parameters stand before the call, the body after it; the call's own arguments are of the scope around.
        var around = _names.Current;
        var scope = _names.Open(new FunctionScope());
        var parameters = _tokens.Kind == TokenKind.LeftParenthesis ? ParseParameters(scope) : [];
        _names.Reopen(around);
        var called = _expressions.Parse();
        EndTag();
        var mark = _names.Mark;
        _names.Reopen(scope);
        var caller = new CallerExpression(ParseFunction("caller", "endcall", parameters, scope, around, mark)) { Height = 1 };
        return new(called switch
        {
            CallExpression call => call.With("caller", caller),
            MethodCallExpression call => call.With("caller", caller),
            _ => throw new TemplateException(TemplateFailure.Syntax, "expected call", line),
        })
        { Line = line };
    }

    private FilterStatement ParseFilter(int line)
    {
        var captured = new CapturedExpression(_names.Current.Function.Take()) { Height = 1 };
        var filtered = _expressions.ParseFilters(captured, startsWithName: true);
        EndTag();
        var body = ParseScoped([], "endfilter", line);
        return new(body, captured, filtered) { Line = line };
    }

    private ScopedStatement ParseWith(int line)
    {
        var around = _names.Current;
        var scope = _names.Open();
        var variables = new List<(Target, Expression)>();
        while (_tokens.Kind != TokenKind.BlockEnd)
        {
            if (variables.Count > 0)
                _tokens.Expect(TokenKind.Comma, ",");
            var target = ParseTarget(withNamespace: false);
            _tokens.Expect(TokenKind.Assign, "=");
            _names.Reopen(around);
            variables.Add((target, _expressions.Parse()));
            _names.Reopen(scope);
        }

        _names.Reopen(around);
        EndTag();
        return ParseScoped([.. variables], "endwith", line, scope);
    }

    /// <summary>Marks, for training, what the model has said; its body is a scope, since transformers makes a call of it.</summary>
    private ScopedStatement ParseGeneration(int line)
    {
        EndTag();
        return ParseScoped([], "endgeneration", line);
    }

    /// <summary>A block that no other template can replace.</summary>
    private ScopedStatement ParseBlock(int line)
    {
        _tokens.Expect(TokenKind.Name, "name");
        EndTag();
        return ParseScoped([], "endblock", line);
    }

    private JumpStatement ParseJump(Token name)
    {
        if (_loops == 0)
            throw new TemplateException(TemplateFailure.Syntax, $"'{name.Text}' outside loop", name.Line);
        EndTag();
        return new(name.Text == "break" ? Flow.Break : Flow.Continue) { Line = name.Line };
    }

    private ScopedStatement ParseScoped((Target, Expression)[] variables, string end, int line, Scope? scope = null)
    {
        var around = _names.Current;
        scope ??= _names.Open();
        _names.Reopen(scope);
        var loops = _loops;
        _loops = end is "endset" or "endfilter" ? 0 : _loops;
        var body = ParseBody(end);
        _loops = loops;
        _names.Reopen(around);
        EndOf(end);
        scope.Close();
        return new(scope, variables, body) { Line = line };
    }

    /// <summary>Body and end of a macro or a call.</summary>
    private MacroDefinition ParseFunction(string name, string end, List<Parameter> parameters, Scope scope, Scope around, int mark)
    {
        var loops = _loops;
        _loops = 0;
        var body = ParseBody(end);
        _loops = loops;
        _names.Reopen(around);
        EndOf(end);
        int Special(string special) => parameters.All(parameter => parameter.Name != special) && _names.IsUsedSince(mark, special)
            ? scope.Declare(special)
            : -1;
        return new(name, [.. parameters], scope.Function, body)
        {
            VarargsSlot = Special("varargs"),
            KwargsSlot = Special("kwargs"),
            CallerSlot = Special("caller"),
        };
    }

    private List<Parameter> ParseParameters(Scope scope)
    {
        _tokens.Expect(TokenKind.LeftParenthesis, "(");
        var parameters = new List<Parameter>();
        while (_tokens.Kind != TokenKind.RightParenthesis)
        {
            if (parameters.Count > 0)
                _tokens.Expect(TokenKind.Comma, ",");
            var name = _tokens.Expect(TokenKind.Name, "name").Text;
            var slot = scope.Declare(name);
            var otherwise = _tokens.Skip(TokenKind.Assign) ? _expressions.Parse() : null;
            if (otherwise is null && parameters.Count > 0 && parameters[^1].Default is not null)
                throw _tokens.Error("non-default argument follows default argument");
            parameters.Add(new(name, slot, otherwise));
        }

        _tokens.Take();
        return parameters;
    }

    private Target ParseTarget(bool withNamespace)
    {
        var first = ParseSingleTarget(withNamespace);
        if (_tokens.Kind != TokenKind.Comma)
            return first;
        var targets = new List<Target> { first };
        while (_tokens.Skip(TokenKind.Comma))
        {
            if (_tokens.Current.IsName("in") || _tokens.Kind is TokenKind.Assign or TokenKind.RightParenthesis)
                break;
            targets.Add(ParseSingleTarget(withNamespace));
        }

        return new TupleTarget([.. targets]);
    }

    private Target ParseSingleTarget(bool withNamespace)
    {
        if (_tokens.Skip(TokenKind.LeftParenthesis))
        {
            var inner = ParseTarget(withNamespace);
            _tokens.Expect(TokenKind.RightParenthesis, ")");
            return inner;
        }

        var name = _tokens.Expect(TokenKind.Name, "name").Text;
        if (withNamespace && _tokens.Skip(TokenKind.Dot))
            return new NamespaceTarget(_names.Use(name), _tokens.Expect(TokenKind.Name, "name").Text);
        return name is "true" or "false" or "none" or "True" or "False" or "None"
            ? throw _tokens.Error($"can't assign to '{name}'")
            : new SlotTarget(_names.Current.Declare(name));
    }

    private void EndOf(string end)
    {
        _tokens.Take();
        _tokens.ExpectName(end);
        if (end is "endmacro" or "endblock" && _tokens.Kind == TokenKind.Name)
            _tokens.Take();
        EndTag();
    }

    private void EndTag() => _tokens.Expect(TokenKind.BlockEnd, "end of statement block");
}
