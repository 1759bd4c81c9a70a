using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>Arguments as .NET values, with what they are when not given.</summary>
internal static class Given
{
    public static string Text(in Value argument, string? otherwise = null)
    {
        if (argument.IsString)
            return argument.Text;
        if (otherwise is not null && argument.Kind is Kind.Missing or Kind.None)
            return otherwise;
        PythonType.MustBeDefined(argument);
        throw PythonType.Error($"a string is required, not {PythonType.Name(argument)}");
    }

    public static int Integer(in Value argument, int otherwise = 0) => argument.Kind switch
    {
        Kind.Missing => otherwise,
        Kind.Integer or Kind.Boolean => (int)Math.Clamp(argument.Integer, int.MinValue, int.MaxValue),
        Kind.Undefined => throw PythonType.Error(argument.UndefinedMessage()),
        _ => throw PythonType.Error($"'{PythonType.Name(argument)}' object cannot be interpreted as an integer"),
    };

    public static bool Truth(in Value argument, bool otherwise = false) =>
        argument.IsMissing ? otherwise : PythonType.IsTrue(argument);

    public static Value List(List<Value> items, ListShape shape = ListShape.List) => Value.Of(new ListValue([.. items], shape));

    public static Value Tuple(in Value first, in Value second) => Value.Of(new ListValue([first, second], ListShape.Tuple));

    /// <summary>What Python's <c>list()</c> makes of a value; charged, since it is copied.</summary>
    public static Value[] Copy(RenderContext context, in Value iterable)
    {
        var items = Items.Iterate(context, iterable);
        context.Steps(items.Count);
        return items.ToArray();
    }
}
