namespace Gateway.Text.Templates.Nodes;

/// <summary>How a statement ended, for the loop around it.</summary>
internal enum Flow : byte
{
    Next,
    Break,
    Continue,
}

/// <summary>A part of a compiled template that does something. Immutable, shared by all renderings.</summary>
internal abstract class Statement
{
    /// <summary>From 1.</summary>
    public int Line { get; init; }

    public abstract Flow Run(RenderContext context);
}
