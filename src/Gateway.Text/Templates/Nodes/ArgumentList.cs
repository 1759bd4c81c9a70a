using System.Runtime.CompilerServices;
using Gateway.Text.Templates.Library;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary>The arguments as they are written; evaluated onto the stack for each call, unless there are many.</summary>
internal sealed class ArgumentList(Expression[] positional, string[] names, Expression[] named)
{
    private const int OnStack = 4;

    public static readonly ArgumentList None = new([], [], []);

    /// <summary>After a star.</summary>
    public Expression? Spread { get; init; }

    /// <summary>After two.</summary>
    public Expression? NamedSpread { get; init; }

    public int Height
    {
        get
        {
            var height = Math.Max(Spread?.Height ?? 0, NamedSpread?.Height ?? 0);
            foreach (var argument in positional)
                height = Math.Max(height, argument.Height);
            foreach (var argument in named)
                height = Math.Max(height, argument.Height);
            return height;
        }
    }

    public ArgumentList With(string name, Expression value) =>
        new(positional, [.. names, name], [.. named, value]) { Spread = Spread, NamedSpread = NamedSpread };

    public Value Call(RenderContext context, Builtin function, in Value self)
    {
        context.Step();
        if (Spread is not null || NamedSpread is not null)
        {
            var (all, allNames) = Expand(context);
            return function.Call(context, self, new Arguments(all, allNames));
        }

        var buffer = new Buffer();
        var count = positional.Length + named.Length;
        Span<Value> values = count <= OnStack ? buffer[..count] : new Value[count];
        Evaluate(context, values);
        return function.Call(context, self, new Arguments(values, names));
    }

    public Value Call(RenderContext context, in Value callee)
    {
        context.Step();
        PythonType.MustBeDefined(callee);
        if (callee.Kind != Kind.Object)
            throw PythonType.Error($"'{PythonType.Name(callee)}' object is not callable");
        if (Spread is not null || NamedSpread is not null)
        {
            var (all, allNames) = Expand(context);
            return callee.Object.Call(context, new Arguments(all, allNames));
        }

        var buffer = new Buffer();
        var count = positional.Length + named.Length;
        Span<Value> values = count <= OnStack ? buffer[..count] : new Value[count];
        Evaluate(context, values);
        return callee.Object.Call(context, new Arguments(values, names));
    }

    private void Evaluate(RenderContext context, Span<Value> values)
    {
        for (var i = 0; i < positional.Length; i++)
            values[i] = positional[i].Evaluate(context);
        for (var i = 0; i < named.Length; i++)
            values[positional.Length + i] = named[i].Evaluate(context);
    }

    private (Value[] Values, string[] Names) Expand(RenderContext context)
    {
        var values = new List<Value>();
        foreach (var argument in positional)
            values.Add(argument.Evaluate(context));
        if (Spread is not null)
            values.AddRange(Given.Copy(context, Spread.Evaluate(context)));
        var allNames = new List<string>(names);
        foreach (var argument in named)
            values.Add(argument.Evaluate(context));
        if (NamedSpread is not null)
        {
            var mapping = NamedSpread.Evaluate(context);
            if (mapping.Kind != Kind.Dictionary)
                throw PythonType.Error($"argument after ** must be a mapping, not {PythonType.Name(mapping)}");
            foreach (var (key, value) in mapping.Dictionary.Entries)
            {
                var name = Given.Text(key);
                if (allNames.Contains(name))
                    throw PythonType.Error($"got multiple values for keyword argument '{name}'");
                allNames.Add(name);
                values.Add(value);
            }
        }

        return ([.. values], [.. allNames]);
    }

    [InlineArray(OnStack)]
    private struct Buffer
    {
        private Value _first;
    }
}
