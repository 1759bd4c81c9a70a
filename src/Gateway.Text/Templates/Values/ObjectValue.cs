using Gateway.Text.Templates.Nodes;

namespace Gateway.Text.Templates.Values;

/// <summary>What is neither data nor text: a function, a namespace, the loop. It has only the attributes that it names itself.</summary>
internal abstract class ObjectValue
{
    /// <summary>As Python would name its type.</summary>
    public abstract string TypeName { get; }

    public virtual bool IsCallable => false;

    public virtual bool TryGetAttribute(RenderContext context, string name, out Value value)
    {
        value = default;
        return false;
    }

    public virtual Value Call(RenderContext context, in Arguments arguments) =>
        throw new TemplateException(TemplateFailure.Runtime, $"'{TypeName}' object is not callable");

    public override string ToString() => $"<{TypeName}>";
}
