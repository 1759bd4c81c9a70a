using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary>What a <c>set</c> or a <c>for</c> assigns to.</summary>
internal abstract class Target
{
    public abstract void Assign(RenderContext context, in Value value);
}

internal sealed class SlotTarget(int slot) : Target
{
    public override void Assign(RenderContext context, in Value value) => context.Frame.Slots[slot] = value;
}

internal sealed class NamespaceTarget(NameExpression name, string attribute) : Target
{
    public override void Assign(RenderContext context, in Value value)
    {
        if (name.Evaluate(context) is not { Kind: Kind.Object, Object: NamespaceValue space })
            throw PythonType.Error("cannot assign attribute on non-namespace object");
        space.Attributes.Set(Value.Of(attribute), value);
    }
}

internal sealed class TupleTarget(Target[] targets) : Target
{
    public override void Assign(RenderContext context, in Value value)
    {
        PythonType.MustBeDefined(value);
        var items = Items.Iterate(context, value);
        if (items.Count < targets.Length)
            throw PythonType.Error($"not enough values to unpack (expected {targets.Length}, got {items.Count})");
        if (items.Count > targets.Length)
            throw PythonType.Error($"too many values to unpack (expected {targets.Length})");
        for (var i = 0; i < targets.Length; i++)
            targets[i].Assign(context, items[i]);
    }
}
