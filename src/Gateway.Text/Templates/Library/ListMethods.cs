using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>
/// Methods of lists. Templates write to lists that they have made themselves; the reference's sandbox refuses that, engines that came
/// later allow it.
/// </summary>
internal static class ListMethods
{
    public static readonly Builtin[] All =
    [
        new("append item", static (context, in self, a) =>
        {
            Writable(self).Add(a[0]);
            return Value.None;
        }),
        new("extend items", static (context, in self, a) =>
        {
            var list = Writable(self);
            foreach (var item in Given.Copy(context, a[0]))
                list.Add(item);
            return Value.None;
        }),
        new("insert index item", static (context, in self, a) =>
        {
            var list = Writable(self);
            context.Steps(list.Count);
            var index = Given.Integer(a[0]);
            list.Insert(Math.Clamp(index < 0 ? index + list.Count : index, 0, list.Count), a[1]);
            return Value.None;
        }),
        new("pop index?", static (context, in self, a) =>
        {
            var list = Writable(self);
            context.Steps(list.Count);
            var index = Given.Integer(a[0], -1);
            index = index < 0 ? index + list.Count : index;
            return index >= 0 && index < list.Count ? list.RemoveAt(index) : throw PythonType.Error("pop index out of range");
        }),
        new("remove item", static (context, in self, a) =>
        {
            var index = IndexOf(context, self, a[0]);
            Writable(self).RemoveAt(index);
            return Value.None;
        }),
        new("reverse", static (context, in self, a) =>
        {
            context.Steps(self.List.Count);
            Writable(self).Reverse();
            return Value.None;
        }),
        new("clear", static (context, in self, a) =>
        {
            Writable(self).Clear();
            return Value.None;
        }),
        new("copy", static (context, in self, a) => Value.Of(new ListValue(Given.Copy(context, self)))),
        new("index item", static (context, in self, a) => Value.Of((long)IndexOf(context, self, a[0]))),
        new("count item", static (context, in self, a) =>
        {
            context.Steps(self.List.Count);
            var count = 0L;
            foreach (var item in self.List.Items)
                count += Comparison.AreEqual(item, a[0], 0) ? 1 : 0;
            return Value.Of(count);
        }),
    ];

    private static int IndexOf(RenderContext context, in Value self, in Value item)
    {
        context.Steps(self.List.Count);
        for (var i = 0; i < self.List.Count; i++)
        {
            if (Comparison.AreEqual(self.List[i], item, 0))
                return i;
        }

        throw PythonType.Error($"{Printing.Repr(context, item)} is not in list");
    }

    private static ListValue Writable(in Value self) => self.List switch
    {
        { Shape: not ListShape.List } => throw PythonType.Error($"a {PythonType.Name(self)} cannot be changed"),
        { IsReadOnly: true } => throw PythonType.Error("a template cannot change what came with the request"),
        var list => list,
    };
}
