using Gateway.Text.Templates.Library;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Operations;

/// <summary>Attributes, items, slices and iteration, with Jinja's leniency: what is not there is undefined, and an error only when used.</summary>
internal static class Items
{
    /// <summary><c>owner.name</c>: a method or attribute first, then an item of that name.</summary>
    public static Value Attribute(RenderContext context, in Value owner, string name)
    {
        if (owner.Kind == Kind.Dictionary)
        {
            if (MethodTable.Dictionary.TryGetValue(name, out var method))
                return method.Bind(owner);
            return owner.Dictionary.TryGet(name, out var value) ? value : Missing(owner, name);
        }

        PythonType.MustBeDefined(owner);
        if (owner.Kind == Kind.Object)
            return owner.Object.TryGetAttribute(context, name, out var value) ? value : Missing(owner, name);
        if (owner.Kind == Kind.List && owner.List.IsGroup && name is "grouper" or "list")
            return owner.List[name == "grouper" ? 0 : 1];
        return MethodTable.Find(owner, name) is { } found ? found.Bind(owner) : Missing(owner, name);
    }

    /// <summary><c>owner[key]</c>: an item first, then an attribute of that name.</summary>
    public static Value Item(RenderContext context, in Value owner, in Value key)
    {
        switch (owner.Kind)
        {
            case Kind.Dictionary when owner.Dictionary.TryGet(key, out var value):
                return value;
            case Kind.List when key.Kind is Kind.Integer or Kind.Boolean && owner.List.Shape != ListShape.Generator:
                var index = key.Integer < 0 ? key.Integer + owner.List.Count : key.Integer;
                return index >= 0 && index < owner.List.Count ? owner.List[(int)index] : Missing(owner, key);
            case Kind.String when key.Kind is Kind.Integer or Kind.Boolean:
                return Character(context, owner.Text, key.Integer) is { } character ? Value.Of(character) : Missing(owner, key);
            case Kind.Undefined:
                throw PythonType.Error(owner.UndefinedMessage());
        }

        return key.IsString && owner.Kind != Kind.Dictionary
            ? Attribute(context, owner, key.Text)
            : key.IsString && MethodTable.Find(owner, key.Text) is { } method ? method.Bind(owner) : Missing(owner, key);
    }

    /// <summary>What a <c>for</c> goes through. A dictionary gives its keys, a string its characters.</summary>
    public static ListValue Iterate(RenderContext context, in Value value)
    {
        switch (value.Kind)
        {
            case Kind.List:
                return value.List.Iterate();
            case Kind.Dictionary:
                context.Steps(value.Dictionary.Count);
                var keys = new Value[value.Dictionary.Count];
                for (var i = 0; i < keys.Length; i++)
                    keys[i] = value.Dictionary.Entries[i].Key;
                return new ListValue(keys);
            case Kind.String:
                context.Steps(value.Text.Length);
                return new ListValue(Array.ConvertAll(PythonText.CodePoints(value.Text), Value.Of));
            case Kind.Undefined:
                return ListValue.Empty;
            default:
                throw PythonType.Error($"'{PythonType.Name(value)}' object is not iterable");
        }
    }

    public static Value Slice(RenderContext context, in Value owner, in Value start, in Value stop, in Value step)
    {
        var by = Bound(step) ?? 1;
        if (by == 0)
            throw PythonType.Error("slice step cannot be zero");
        if (owner.Kind == Kind.String)
            return SliceText(context, owner.Text, Bound(start), Bound(stop), by);
        if (owner.Kind == Kind.List && owner.List.Shape != ListShape.Generator)
        {
            var list = owner.List;
            var (from, count) = Range(list.Count, Bound(start), Bound(stop), by);
            context.Steps(count);
            var items = new Value[count];
            for (var i = 0; i < items.Length; i++)
                items[i] = list[(int)(from + i * by)];
            return Value.Of(new ListValue(items, list.Shape));
        }

        PythonType.MustBeDefined(owner);
        return Missing(owner, "slice");
    }

    private static Value SliceText(RenderContext context, string text, long? start, long? stop, long step)
    {
        context.Reading(text.Length);
        if (PythonText.IsSimple(text))
        {
            var (from, count) = Range(text.Length, start, stop, step);
            if (step == 1)
                return Value.Of(text.Substring((int)from, (int)count));
            return Value.Of(string.Create((int)count, (text, from, step), static (span, state) =>
            {
                for (var i = 0; i < span.Length; i++)
                    span[i] = state.text[(int)(state.from + i * state.step)];
            }));
        }

        var points = PythonText.CodePoints(text);
        var (first, length) = Range(points.Length, start, stop, step);
        var parts = new string[length];
        for (var i = 0; i < parts.Length; i++)
            parts[i] = points[first + i * step];
        return Value.Of(string.Concat(parts));
    }

    /// <summary>The first index and how many, as Python's <c>slice.indices</c>.</summary>
    private static (long From, long Count) Range(int length, long? start, long? stop, long step)
    {
        var (low, high) = step > 0 ? (0L, length) : (-1L, length - 1L);
        var from = start is { } s ? Math.Clamp(s < 0 ? s + length : s, low, high) : step > 0 ? low : high;
        var to = stop is { } e ? Math.Clamp(e < 0 ? e + length : e, low, high) : step > 0 ? high : low;
        var distance = step > 0 ? to - from : from - to;
        var stride = step == long.MinValue ? long.MaxValue : Math.Abs(step);
        return distance <= 0 ? (0, 0) : (from, (distance - 1) / stride + 1);
    }

    private static long? Bound(in Value value) => value.Kind switch
    {
        Kind.Missing or Kind.None => null,
        Kind.Integer or Kind.Boolean => Math.Clamp(value.Integer, -int.MaxValue, int.MaxValue),
        Kind.BigInteger => value.Big.Sign * (long)int.MaxValue,
        _ => throw PythonType.Error(
            value.IsUndefined ? value.UndefinedMessage() : "slice indices must be integers or None or have an __index__ method"),
    };

    private static string? Character(RenderContext context, string text, long index)
    {
        if (PythonText.IsSimple(text))
        {
            index = index < 0 ? index + text.Length : index;
            return index >= 0 && index < text.Length ? text[(int)index].ToString() : null;
        }

        context.Reading(text.Length);
        var points = PythonText.CodePoints(text);
        index = index < 0 ? index + points.Length : index;
        return index >= 0 && index < points.Length ? points[index] : null;
    }

    private static Value Missing(in Value owner, in Value key) => Missing(owner, key.Kind switch
    {
        Kind.String => key.Text,
        Kind.Integer => key.Integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => PythonType.Name(key),
    });

    public static Value Missing(in Value owner, string name) => Value.Undefined(
        name,
        owner.IsNone ? "None" : owner.Kind == Kind.Object ? owner.Object.TypeName : $"{PythonType.Name(owner)} object");
}
