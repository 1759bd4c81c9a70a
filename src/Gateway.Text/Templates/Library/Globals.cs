using System.Collections.Frozen;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>Functions that are there without being given. A variable of the conversation with the same name hides one.</summary>
internal static class Globals
{
    /// <summary>As many as Jinja's sandbox allows.</summary>
    private const int MaxRange = 100_000;

    public static readonly FrozenDictionary<string, Value> All = new Dictionary<string, Value>
    {
        ["range"] = Named("range", Range),
        ["namespace"] = Named("namespace", static (context, in arguments) =>
        {
            var attributes = new DictionaryValue();
            DictionaryMethods.Fill(context, attributes, arguments);
            return Value.Of(new NamespaceValue(attributes));
        }),
        ["dict"] = Named("dict", static (context, in arguments) =>
        {
            var dictionary = new DictionaryValue();
            DictionaryMethods.Fill(context, dictionary, arguments);
            return Value.Of(dictionary);
        }),
        ["joiner"] = Named("joiner", Joiner),
        ["cycler"] = Named("cycler", static (context, in arguments) => arguments.PositionalCount == 0
            ? throw PythonType.Error("at least one item has to be provided")
            : Value.Of(new Cycler(arguments.Positional.ToArray()))),
        ["raise_exception"] = Named("raise_exception", static (context, in arguments) => throw new TemplateException(
            TemplateFailure.Raised,
            arguments.PositionalCount == 1 ? Printing.Text(context, arguments[0]) : throw PythonType.Error("raise_exception() takes one argument"))),
        ["strftime_now"] = Named("strftime_now", static (context, in arguments) => Value.Of(context.Made(Strftime.Format(
            context.Time.GetLocalNow(),
            arguments.PositionalCount == 1 ? Given.Text(arguments[0]) : throw PythonType.Error("strftime_now() takes one argument"))))),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static Value Named(string name, Function function) => Value.Of(new BoundMethod(name, function));

    private static Value Range(RenderContext context, in Arguments arguments)
    {
        if (arguments.PositionalCount is 0 or > 3 || !arguments.Names.IsEmpty)
            throw PythonType.Error("range expected 1 to 3 arguments by position");
        foreach (var argument in arguments.Positional)
            Given.Integer(argument);
        var start = arguments.PositionalCount == 1 ? 0 : arguments[0].Integer;
        var stop = arguments.PositionalCount == 1 ? arguments[0].Integer : arguments[1].Integer;
        var step = arguments.PositionalCount == 3 ? arguments[2].Integer : 1;
        if (step == 0)
            throw PythonType.Error("range() arg 3 must not be zero");
        var distance = (Int128)stop - start;
        var count = step > 0 == distance > 0 && distance != 0 ? (distance - Math.Sign(step)) / step + 1 : 0;
        if (count > MaxRange)
            throw new TemplateException(TemplateFailure.Limit, $"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({MaxRange}).");
        context.Steps((long)count);
        var items = new Value[(int)count];
        for (var i = 0; i < items.Length; i++)
            items[i] = Value.Of(start + i * step);
        return Value.Of(new ListValue(items, isReadOnly: true));
    }

    private static Value Joiner(RenderContext context, in Arguments arguments)
    {
        var separator = arguments.PositionalCount > 0 ? arguments[0] : Value.Of(", ");
        var used = false;
        return Named("joiner", (RenderContext context, in Arguments _) =>
        {
            var text = used ? separator : Value.EmptyText;
            used = true;
            return text;
        });
    }
}
