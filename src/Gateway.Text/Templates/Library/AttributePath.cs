using System.Globalization;
using Gateway.Text.Templates.Nodes;
using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Library;

/// <summary>What the <c>attribute</c> of a filter names: <c>function.name</c>, <c>items.0</c>, or a number.</summary>
internal sealed class AttributePath
{
    private readonly Value[] _parts;

    public AttributePath(in Value attribute) => _parts = attribute.Kind switch
    {
        Kind.Missing or Kind.None => [],
        Kind.Integer => [attribute],
        _ => [.. Given.Text(attribute).Split('.').Select(static part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? Value.Of((long)index) : Value.Of(part))],
    };

    /// <param name="context">The rendering.</param>
    /// <param name="item">What has the attribute.</param>
    /// <param name="otherwise">What stands for a part that is not there; nothing, if missing.</param>
    public Value Of(RenderContext context, in Value item, in Value otherwise = default)
    {
        context.Step();
        var value = item;
        foreach (var part in _parts)
        {
            value = Items.Item(context, value, part);
            if (value.IsUndefined && !otherwise.IsMissing)
                value = otherwise;
        }

        return value;
    }

    /// <summary>What is compared in place of a value: strings without their case.</summary>
    public static Value Key(in Value value, bool caseSensitive) =>
        value.IsString && !caseSensitive ? Value.Of(value.Text.ToLowerInvariant()) : value;
}
