namespace Gateway.Text.Templates.Nodes;

/// <summary>Text between tags.</summary>
internal sealed class DataStatement(string text) : Statement
{
    public override Flow Run(RenderContext context)
    {
        context.Write(text);
        return Flow.Next;
    }
}
