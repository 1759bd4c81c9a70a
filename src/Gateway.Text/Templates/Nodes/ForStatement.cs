using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Syntax;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary>A loop. Each round begins with the variables of its body unset, as in Jinja: only a namespace outlives a round.</summary>
internal sealed class ForStatement(Scope scope, Target target, Expression iterable, Statement body) : Statement
{
    public Expression? Condition { get; init; }

    public Statement? Otherwise { get; init; }

    /// <summary>Where <c>loop</c> is, or -1 if nobody asks for it.</summary>
    public int LoopSlot { get; init; } = -1;

    public override Flow Run(RenderContext context)
    {
        var items = Items.Iterate(context, iterable.Evaluate(context));
        if (Condition is not null)
            items = Filter(context, items);
        if (items.Count == 0)
            return Otherwise?.Run(context) ?? Flow.Next;
        var loop = LoopSlot < 0 ? null : new LoopValue(items, context.LoopDepth);
        context.LoopDepth++;
        for (var i = 0; i < items.Count; i++)
        {
            context.Step();
            scope.Clear(context.Frame);
            target.Assign(context, items[i]);
            if (loop is not null)
            {
                loop.Index = i;
                context.Frame.Slots[LoopSlot] = Value.Of(loop);
            }

            if (body.Run(context) == Flow.Break)
                break;
        }

        context.LoopDepth--;
        return Flow.Next;
    }

    private ListValue Filter(RenderContext context, ListValue items)
    {
        var kept = new ListValue([]);
        for (var i = 0; i < items.Count; i++)
        {
            context.Step();
            scope.Clear(context.Frame);
            target.Assign(context, items[i]);
            if (PythonType.IsTrue(Condition!.Evaluate(context)))
                kept.Add(items[i]);
        }

        return kept;
    }
}
