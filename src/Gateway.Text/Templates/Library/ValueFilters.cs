using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

internal static class ValueFilters
{
    public static readonly Builtin[] All =
    [
        new("default default_value? boolean?", Default),
        new("d default_value? boolean?", Default),
        new("attr name", static (context, in self, a) =>
        {
            PythonType.MustBeDefined(self);
            if (self.Kind == Kind.Object && self.Object.TryGetAttribute(context, Given.Text(a[0]), out var value))
                return value;
            return MethodTable.Find(self, Given.Text(a[0])) is { } method ? method.Bind(self) : Items.Missing(self, a[0].Text);
        }),
        new("tojson ensure_ascii? indent? separators? sort_keys?", ToJson),
    ];

    private static Value Default(RenderContext context, in Value self, ReadOnlySpan<Value> a) =>
        self.IsUndefined || (Given.Truth(a[1]) && !PythonType.IsTrue(self)) ? a[0].IsMissing ? Value.EmptyText : a[0] : self;

    private static string Spaces(RenderContext context, int width)
    {
        context.Making(width);
        return new string(' ', Math.Max(width, 0));
    }

    /// <summary>The parameters are those of the filter that transformers puts in the place of Jinja's own, which escapes for HTML.</summary>
    private static Value ToJson(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        var indent = a[1].Kind is Kind.Missing or Kind.None ? null
            : a[1].IsString ? a[1].Text
            : Spaces(context, Given.Integer(a[1]));
        var (item, key) = (indent is null ? ", " : ",", ": ");
        if (a[2].Kind is not (Kind.Missing or Kind.None))
        {
            var separators = Items.Iterate(context, a[2]);
            if (separators.Count != 2)
                throw PythonType.Error("tojson needs two separators");
            (item, key) = (Given.Text(separators[0]), Given.Text(separators[1]));
        }

        using var output = new PooledText(256);
        new JsonWriter(context, output)
        {
            AsciiOnly = Given.Truth(a[0]),
            Indent = indent,
            ItemSeparator = item,
            KeySeparator = key,
            SortKeys = Given.Truth(a[3]),
        }.Write(self);
        return Value.Of(context.Made(output.ToString()));
    }
}
