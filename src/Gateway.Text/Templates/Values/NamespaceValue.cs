using Gateway.Text.Templates.Nodes;

namespace Gateway.Text.Templates.Values;

/// <summary>The one thing a template may write to from within a loop.</summary>
internal sealed class NamespaceValue(DictionaryValue attributes) : ObjectValue
{
    public DictionaryValue Attributes => attributes;

    public override string TypeName => "Namespace";

    public override bool TryGetAttribute(RenderContext context, string name, out Value value) => attributes.TryGet(name, out value);
}
