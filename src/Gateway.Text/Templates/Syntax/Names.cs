using Gateway.Text.Templates.Nodes;

namespace Gateway.Text.Templates.Syntax;

/// <summary>The variables of a template while it is parsed. A name is resolved at the end: what comes later may still set it.</summary>
internal sealed class Names
{
    private readonly List<(NameExpression Expression, Scope Scope)> _used = [];
    private readonly Dictionary<string, int> _free = new(StringComparer.Ordinal);

    public Names()
    {
        Root = new FunctionScope();
        Current = new Scope(Root, null);
    }

    public FunctionScope Root { get; }

    public Scope Current { get; private set; }

    /// <summary>How many names have been read so far; see <see cref="IsUsedSince"/>.</summary>
    public int Mark => _used.Count;

    public NameExpression Use(string name)
    {
        var expression = new NameExpression(name) { Height = 1 };
        _used.Add((expression, Current));
        return expression;
    }

    public bool IsUsedSince(int mark, string name)
    {
        for (var i = mark; i < _used.Count; i++)
        {
            if (_used[i].Expression.Name == name)
                return true;
        }

        return false;
    }

    public Scope Open(FunctionScope? function = null) => Current = new Scope(function ?? Current.Function, Current);

    /// <summary>Goes back to a scope: what follows in the source belongs to it.</summary>
    public void Reopen(Scope scope) => Current = scope;

    /// <summary>Resolves every name, and gives those that nobody sets, by their index.</summary>
    public string[] Resolve()
    {
        foreach (var (expression, scope) in _used)
        {
            if (!_free.TryGetValue(expression.Name, out var free))
                _free[expression.Name] = free = _free.Count;
            expression.Resolve([.. scope.Find(expression.Name)], free);
        }

        return [.. _free.OrderBy(static pair => pair.Value).Select(static pair => pair.Key)];
    }
}
