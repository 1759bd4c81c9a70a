using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary>A part of a compiled template that has a value. Immutable, shared by all renderings.</summary>
internal abstract class Expression
{
    /// <summary>How deep the tree below is; the parser bounds it, so that evaluation cannot run out of stack.</summary>
    public int Height { get; set; }

    public abstract Value Evaluate(RenderContext context);

    /// <summary>Prints the value. What is put together only to be printed need not be put together: see <see cref="AddExpression"/>.</summary>
    public virtual void Write(RenderContext context) => context.Write(Evaluate(context));
}
