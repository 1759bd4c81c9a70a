namespace Gateway.Text.Templates.Syntax;

/// <summary>The tokens, one after the other.</summary>
internal sealed class TokenStream(List<Token> tokens)
{
    private int _at;

    public Token Current => tokens[_at];

    public Token Next => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public TokenKind Kind => Current.Kind;

    public int Line => Current.Line;

    public Token Take()
    {
        var token = tokens[_at];
        if (token.Kind != TokenKind.End)
            _at++;
        return token;
    }

    public bool Skip(TokenKind kind)
    {
        if (Kind != kind)
            return false;
        Take();
        return true;
    }

    public bool SkipName(string name)
    {
        if (!Current.IsName(name))
            return false;
        Take();
        return true;
    }

    public Token Expect(TokenKind kind, string what) => Kind == kind
        ? Take()
        : throw Error(Kind == TokenKind.End ? $"unexpected end of template, expected '{what}'." : $"expected token '{what}', got '{Current}'");

    public void ExpectName(string name)
    {
        if (!SkipName(name))
            throw Error($"expected token '{name}', got '{Current}'");
    }

    public TemplateException Error(string message) => new(TemplateFailure.Syntax, message, Line);
}
