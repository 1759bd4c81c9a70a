using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>A function whose parameters are known: each has its place in <paramref name="arguments"/>, and is missing if it was not given.</summary>
internal delegate Value FixedFunction(RenderContext context, in Value self, ReadOnlySpan<Value> arguments);

/// <summary>A function that takes as many arguments as there are.</summary>
internal delegate Value OpenFunction(RenderContext context, in Value self, in Arguments arguments);

/// <summary>A filter, a test or a method: its name, its parameters, and what it does to the value it is applied to.</summary>
internal sealed class Builtin
{
    private const int MaxParameters = 5;

    private readonly string[] _parameters;
    private readonly int _required;
    private readonly FixedFunction? _fixed;
    private readonly OpenFunction? _open;

    /// <param name="signature">The name and the parameters; those with a question mark may be left out: <c>replace old new count?</c>.</param>
    /// <param name="function">What it does.</param>
    public Builtin(string signature, FixedFunction function)
    {
        var words = signature.Split(' ');
        Name = words[0];
        _parameters = [.. words.Skip(1).Select(static word => word.TrimEnd('?'))];
        _required = words.Skip(1).Count(static word => !word.EndsWith('?'));
        _fixed = function;
    }

    public Builtin(string name, OpenFunction function)
    {
        Name = name;
        _parameters = [];
        _open = function;
    }

    public string Name { get; }

    public Value Call(RenderContext context, in Value self, in Arguments arguments)
    {
        if (_open is not null)
            return _open(context, self, arguments);
        if (arguments.Names.IsEmpty && arguments.PositionalCount == _parameters.Length)
            return _fixed!(context, self, arguments.Positional);
        var bound = new Bound();
        Span<Value> places = bound;
        Bind(places, arguments);
        return _fixed!(context, self, places[.._parameters.Length]);
    }

    public Value Bind(in Value self)
    {
        var owner = self;
        return Value.Of(new BoundMethod(Name, (RenderContext context, in Arguments arguments) => Call(context, owner, arguments)));
    }

    private void Bind(Span<Value> places, in Arguments arguments)
    {
        if (arguments.PositionalCount > _parameters.Length)
            throw PythonType.Error($"{Name}() takes at most {_parameters.Length} arguments ({arguments.PositionalCount} given)");
        arguments.Positional.CopyTo(places);
        for (var i = 0; i < arguments.Names.Length; i++)
        {
            var at = Array.IndexOf(_parameters, arguments.Names[i]);
            if (at < 0)
                throw PythonType.Error($"{Name}() got an unexpected keyword argument '{arguments.Names[i]}'");
            if (!places[at].IsMissing)
                throw PythonType.Error($"{Name}() got multiple values for argument '{arguments.Names[i]}'");
            places[at] = arguments.Named[i];
        }

        for (var i = 0; i < _required; i++)
        {
            if (places[i].IsMissing)
                throw PythonType.Error($"{Name}() missing 1 required positional argument: '{_parameters[i]}'");
        }
    }

    [System.Runtime.CompilerServices.InlineArray(MaxParameters)]
    private struct Bound
    {
        private Value _first;
    }
}
