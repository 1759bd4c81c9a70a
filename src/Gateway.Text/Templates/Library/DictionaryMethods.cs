using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

internal static class DictionaryMethods
{
    public static readonly Builtin[] All =
    [
        new("get key default?", static (context, in self, a) =>
            self.Dictionary.TryGet(a[0], out var value) ? value : a[1].IsMissing ? Value.None : a[1]),
        new("items", static (context, in self, a) => Entries(context, self.Dictionary)),
        new("keys", static (context, in self, a) => Value.Of(Items.Iterate(context, self))),
        new("values", static (context, in self, a) => Values(context, self.Dictionary)),
        new("copy", static (context, in self, a) =>
        {
            context.Steps(self.Dictionary.Count);
            return Value.Of(self.Dictionary.Copy());
        }),
        new("update", Update),
        new("setdefault key default?", static (context, in self, a) =>
        {
            if (self.Dictionary.TryGet(a[0], out var value))
                return value;
            value = a[1].IsMissing ? Value.None : a[1];
            Writable(context, self).Set(Key(a[0]), value);
            return value;
        }),
        new("pop key default?", static (context, in self, a) => Writable(context, self).Remove(a[0], out var value) ? value
            : a[1].IsMissing ? throw PythonType.Error($"KeyError: {Printing.Repr(context, a[0])}")
            : a[1]),
        new("clear", static (context, in self, a) =>
        {
            Writable(context, self).Clear();
            return Value.None;
        }),
    ];

    public static Value Entries(RenderContext context, DictionaryValue dictionary)
    {
        context.Steps(dictionary.Count);
        var pairs = new Value[dictionary.Count];
        for (var i = 0; i < pairs.Length; i++)
            pairs[i] = Given.Tuple(dictionary.Entries[i].Key, dictionary.Entries[i].Value);
        return Value.Of(new ListValue(pairs));
    }

    /// <summary>Adds what <c>dict()</c> and <c>update()</c> take: a mapping or pairs, and names with values.</summary>
    public static void Fill(RenderContext context, DictionaryValue target, in Arguments arguments)
    {
        if (arguments.PositionalCount > 1)
            throw PythonType.Error($"expected at most 1 argument, got {arguments.PositionalCount}");
        if (arguments.PositionalCount == 1 && arguments[0] is { Kind: Kind.Dictionary } other)
        {
            context.Steps(other.Dictionary.Count);
            foreach (var (key, value) in other.Dictionary.Entries.ToArray())
                target.Set(key, value);
        }
        else if (arguments.PositionalCount == 1)
        {
            foreach (var pair in Given.Copy(context, arguments[0]))
            {
                var parts = Items.Iterate(context, pair);
                if (parts.Count != 2)
                    throw PythonType.Error("dictionary update sequence element is not a pair");
                target.Set(Key(parts[0]), parts[1]);
            }
        }

        for (var i = 0; i < arguments.Names.Length; i++)
            target.Set(Value.Of(arguments.Names[i]), arguments.Named[i]);
    }

    public static Value Key(in Value key) =>
        key.Kind is Kind.Dictionary or Kind.Undefined || (key.Kind == Kind.List && key.List.Shape != ListShape.Tuple)
            ? throw PythonType.Error($"unhashable type: '{PythonType.Name(key)}'")
            : key;

    private static Value Values(RenderContext context, DictionaryValue dictionary)
    {
        context.Steps(dictionary.Count);
        var values = new Value[dictionary.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = dictionary.Entries[i].Value;
        return Value.Of(new ListValue(values));
    }

    private static Value Update(RenderContext context, in Value self, in Arguments arguments)
    {
        Fill(context, Writable(context, self), arguments);
        return Value.None;
    }

    private static DictionaryValue Writable(RenderContext context, in Value self)
    {
        context.Steps(self.Dictionary.Count);
        return self.Dictionary.IsReadOnly
            ? throw PythonType.Error("a template cannot change what came with the request")
            : self.Dictionary;
    }
}
