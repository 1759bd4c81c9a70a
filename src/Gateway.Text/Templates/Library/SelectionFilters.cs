using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>Filters that apply a filter or a test, named by its name, to each item.</summary>
internal static class SelectionFilters
{
    public static readonly Builtin[] All =
    [
        new("map", Map),
        new("select", static (context, in self, in arguments) => Select(context, self, arguments, byAttribute: false, keep: true)),
        new("reject", static (context, in self, in arguments) => Select(context, self, arguments, byAttribute: false, keep: false)),
        new("selectattr", static (context, in self, in arguments) => Select(context, self, arguments, byAttribute: true, keep: true)),
        new("rejectattr", static (context, in self, in arguments) => Select(context, self, arguments, byAttribute: true, keep: false)),
    ];

    private static Value Map(RenderContext context, in Value self, in Arguments arguments)
    {
        var items = Given.Copy(context, self);
        if (arguments.PositionalCount == 0 && arguments.Names.IndexOf("attribute") is >= 0 and var at)
        {
            var otherwise = arguments.Names.IndexOf("default") is >= 0 and var given ? arguments.Named[given] : default;
            if (arguments.Names.Length > (otherwise.IsMissing ? 1 : 2))
                throw PythonType.Error("Unexpected keyword argument");
            var path = new AttributePath(arguments.Named[at]);
            for (var i = 0; i < items.Length; i++)
                items[i] = path.Of(context, items[i], otherwise);
            return Value.Of(new ListValue(items, ListShape.Generator));
        }

        if (arguments.PositionalCount == 0)
            throw PythonType.Error("map requires a filter argument");
        var filter = FilterTable.Find(Given.Text(arguments[0]));
        var rest = Skip(arguments, 1);
        for (var i = 0; i < items.Length; i++)
        {
            context.Step();
            items[i] = filter.Call(context, items[i], rest);
        }

        return Value.Of(new ListValue(items, ListShape.Generator));
    }

    private static Value Select(RenderContext context, in Value self, in Arguments arguments, bool byAttribute, bool keep)
    {
        if (byAttribute && arguments.PositionalCount == 0)
            throw PythonType.Error("Missing parameter for attribute name");
        var path = new AttributePath(byAttribute ? arguments[0] : default);
        var skipped = byAttribute ? 1 : 0;
        var test = arguments.PositionalCount > skipped ? TestTable.Find(Given.Text(arguments[skipped])) : null;
        var rest = Skip(arguments, test is null ? skipped : skipped + 1);
        var kept = new List<Value>();
        foreach (var item in Given.Copy(context, self))
        {
            var value = path.Of(context, item);
            if (PythonType.IsTrue(test is null ? value : test.Call(context, value, rest)) == keep)
                kept.Add(item);
        }

        return Given.List(kept, ListShape.Generator);
    }

    private static Arguments Skip(in Arguments arguments, int count) =>
        new((Value[])[.. arguments.Positional[count..], .. arguments.Named], arguments.Names);
}
