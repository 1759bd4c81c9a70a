using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>What <c>cycler()</c> gives: its items, one after the other and again.</summary>
internal sealed class Cycler(Value[] items) : ObjectValue
{
    private int _at;

    public override string TypeName => "Cycler";

    public override bool TryGetAttribute(RenderContext context, string name, out Value value)
    {
        value = name switch
        {
            "current" => items[_at],
            "next" => Value.Of(new BoundMethod("next", Next)),
            "reset" => Value.Of(new BoundMethod("reset", Reset)),
            _ => default,
        };
        return !value.IsMissing;
    }

    private Value Next(RenderContext context, in Arguments arguments)
    {
        var item = items[_at];
        _at = (_at + 1) % items.Length;
        return item;
    }

    private Value Reset(RenderContext context, in Arguments arguments)
    {
        _at = 0;
        return Value.None;
    }
}
