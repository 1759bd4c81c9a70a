using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>Filters that take a list and give a list, an item or a sum.</summary>
internal static class SequenceFilters
{
    public static readonly Builtin[] All =
    [
        new("list", static (context, in self, a) => Value.Of(new ListValue(Given.Copy(context, self)))),
        new("first", static (context, in self, a) => Items.Iterate(context, self) is { Count: > 0 } items
            ? items[0]
            : Value.Undefined("No first item, sequence was empty.")),
        new("last", static (context, in self, a) => Reversible(context, self) is { Count: > 0 } items
            ? items[items.Count - 1]
            : Value.Undefined("No last item, sequence was empty.")),
        new("length", Length),
        new("count", Length),
        new("reverse", static (context, in self, a) =>
        {
            if (self.IsString)
                return Items.Slice(context, self, default, default, Value.Of(-1L));
            var items = Given.Copy(context, Value.Of(Reversible(context, self)));
            Array.Reverse(items);
            return Value.Of(new ListValue(items, ListShape.Generator));
        }),
        new("join d? attribute?", Join),
        new("sum attribute? start?", static (context, in self, a) =>
        {
            var path = new AttributePath(a[0]);
            var sum = a[1].IsMissing ? Value.Of(0L) : a[1];
            if (sum.IsString)
                throw PythonType.Error("sum() can't sum strings [use ''.join(seq) instead]");
            foreach (var item in Given.Copy(context, self))
                sum = Arithmetic.Add(context, sum, path.Of(context, item));
            return sum;
        }),
        new("min case_sensitive? attribute?", static (context, in self, a) => Extreme(context, self, a, "<", -1)),
        new("max case_sensitive? attribute?", static (context, in self, a) => Extreme(context, self, a, ">", 1)),
        new("sort reverse? case_sensitive? attribute?", Sort),
        new("dictsort case_sensitive? by? reverse?", DictionarySort),
        new("unique case_sensitive? attribute?", Unique),
        new("groupby attribute default? case_sensitive?", GroupBy),
        new("batch linecount fill_with?", Batch),
        new("slice slices fill_with?", Slice),
        new("items", static (context, in self, a) => self.Kind switch
        {
            Kind.Undefined => Value.Of(new ListValue([], ListShape.Generator)),
            Kind.Dictionary => Value.Of(new ListValue(Given.Copy(context, DictionaryMethods.Entries(context, self.Dictionary)), ListShape.Generator)),
            _ => throw PythonType.Error("Can only get item pairs from a mapping."),
        }),
    ];

    private static Value Length(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        switch (self.Kind)
        {
            case Kind.String:
                context.Reading(self.Text.Length);
                return Value.Of((long)PythonText.Length(self.Text));
            case Kind.List when self.List.Shape != ListShape.Generator:
                return Value.Of((long)self.List.Count);
            case Kind.Dictionary:
                return Value.Of((long)self.Dictionary.Count);
            case Kind.Undefined:
                return Value.Of(0L);
            default:
                throw PythonType.Error($"object of type '{PythonType.Name(self)}' has no len()");
        }
    }

    private static ListValue Reversible(RenderContext context, in Value self) =>
        self.Kind == Kind.List && self.List.Shape == ListShape.Generator
            ? throw PythonType.Error("'generator' object is not reversible")
            : Items.Iterate(context, self);

    private static Value Join(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        var separator = a[0].IsMissing ? "" : Printing.Text(context, a[0]);
        var path = new AttributePath(a[1]);
        var items = Items.Iterate(context, self);
        using var joined = new PooledText(64);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                joined.Write(separator);
            var text = Printing.Text(context, path.Of(context, items[i]));
            context.Fits((long)joined.Length + text.Length);
            joined.Write(text);
        }

        return Value.Of(context.Made(joined.ToString()));
    }

    private static Value Extreme(RenderContext context, in Value self, ReadOnlySpan<Value> a, string sign, int wanted)
    {
        var items = Given.Copy(context, self);
        if (items.Length == 0)
            return Value.Undefined("No aggregated item, sequence was empty.");
        var path = new AttributePath(a[1]);
        var caseSensitive = Given.Truth(a[0]);
        var best = items[0];
        var bestKey = AttributePath.Key(path.Of(context, best), caseSensitive);
        foreach (var item in items.AsSpan(1))
        {
            var key = AttributePath.Key(path.Of(context, item), caseSensitive);
            if (Comparison.Compare(context, sign, key, bestKey) == wanted)
                (best, bestKey) = (item, key);
        }

        return best;
    }

    private static Value Sort(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        var paths = a[2].IsString
            ? Array.ConvertAll(a[2].Text.Split(','), static part => new AttributePath(Value.Of(part)))
            : [new AttributePath(a[2])];
        var caseSensitive = Given.Truth(a[1]);
        var keyed = Array.ConvertAll(
            Given.Copy(context, self),
            item => (Keys: Array.ConvertAll(paths, path => AttributePath.Key(path.Of(context, item), caseSensitive)), Item: item));
        var direction = Given.Truth(a[0]) ? -1 : 1;
        Sorting.Sort(context, keyed, (left, right) => direction * Order(context, left.Keys, right.Keys));
        return Value.Of(new ListValue(Array.ConvertAll(keyed, static pair => pair.Item)));
    }

    private static int Order(RenderContext context, Value[] left, Value[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            if (Comparison.Compare(context, "<", left[i], right[i]) is var order && order != 0)
                return order;
        }

        return 0;
    }

    private static Value DictionarySort(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        if (self.Kind != Kind.Dictionary)
            throw PythonType.Error(self.IsUndefined ? self.UndefinedMessage() : $"'{PythonType.Name(self)}' object has no attribute 'items'");
        var at = Given.Text(a[1], "key") switch
        {
            "key" => 0,
            "value" => 1,
            _ => throw PythonType.Error("You can only sort by either \"key\" or \"value\""),
        };
        var caseSensitive = Given.Truth(a[0]);
        var direction = Given.Truth(a[2]) ? -1 : 1;
        var pairs = Given.Copy(context, DictionaryMethods.Entries(context, self.Dictionary));
        Sorting.Sort(context, pairs, (left, right) => direction * Comparison.Compare(
            context,
            "<",
            AttributePath.Key(left.List[at], caseSensitive),
            AttributePath.Key(right.List[at], caseSensitive)));
        return Value.Of(new ListValue(pairs));
    }

    private static Value Unique(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        var path = new AttributePath(a[1]);
        var caseSensitive = Given.Truth(a[0]);
        var seen = new HashSet<Value>(KeyEquality.Instance);
        var items = new List<Value>();
        foreach (var item in Given.Copy(context, self))
        {
            if (seen.Add(DictionaryMethods.Key(AttributePath.Key(path.Of(context, item), caseSensitive))))
                items.Add(item);
        }

        return Given.List(items, ListShape.Generator);
    }

    private static Value GroupBy(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        var path = new AttributePath(a[0]);
        var caseSensitive = Given.Truth(a[2]);
        var otherwise = a[1];
        var keyed = Array.ConvertAll(Given.Copy(context, self), item =>
        {
            var value = path.Of(context, item, otherwise);
            return (Key: AttributePath.Key(value, caseSensitive), Value: value, Item: item);
        });
        Sorting.Sort(context, keyed, (left, right) => Comparison.Compare(context, "<", left.Key, right.Key));
        var groups = new List<Value>();
        for (var start = 0; start < keyed.Length;)
        {
            var end = start + 1;
            while (end < keyed.Length && Comparison.AreEqual(keyed[start].Key, keyed[end].Key, 0))
                end++;
            var members = Array.ConvertAll(keyed[start..end], static member => member.Item);
            groups.Add(Value.Of(new ListValue([keyed[start].Value, Value.Of(new ListValue(members))], ListShape.Tuple) { IsGroup = true }));
            start = end;
        }

        return Given.List(groups);
    }

    private static Value Batch(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        var size = Math.Max(1, Given.Integer(a[0]));
        var items = Given.Copy(context, self);
        var batches = new List<Value>();
        for (var start = 0; start < items.Length; start += size)
        {
            var batch = new ListValue(items[start..Math.Min(items.Length, start + size)]);
            context.Steps(a[1].Kind is Kind.Missing or Kind.None ? 0 : size);
            while (batch.Count < size && a[1].Kind is not (Kind.Missing or Kind.None))
                batch.Add(a[1]);
            batches.Add(Value.Of(batch));
            if (size > items.Length)
                break;
        }

        return Given.List(batches, ListShape.Generator);
    }

    private static Value Slice(RenderContext context, in Value self, ReadOnlySpan<Value> a)
    {
        var items = Given.Copy(context, self);
        var count = Given.Integer(a[0]);
        if (count <= 0)
            throw PythonType.Error("integer division or modulo by zero");
        context.Steps(count);
        var (each, larger) = (items.Length / count, items.Length % count);
        var slices = new Value[count];
        var start = 0;
        for (var i = 0; i < count; i++)
        {
            var size = each + (i < larger ? 1 : 0);
            var slice = new ListValue(items[start..(start + size)]);
            if (a[1].Kind is not (Kind.Missing or Kind.None) && i >= larger)
                slice.Add(a[1]);
            slices[i] = Value.Of(slice);
            start += size;
        }

        return Value.Of(new ListValue(slices, ListShape.Generator));
    }
}
