using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates.Nodes;

/// <summary>The variables of one run of the template, or of one call of a macro; those of the surrounding code are behind <see cref="Outer"/>.</summary>
internal sealed class Frame(int size, Frame? outer)
{
    public readonly Value[] Slots = size == 0 ? [] : new Value[size];

    public Frame? Outer => outer;
}
