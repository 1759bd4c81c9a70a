using Gateway.Text.Templates;

namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>What an operator says of a model's text beside its files. Null is left to whoever says less of it.</summary>
/// <param name="Templates">In the place of those that are with the tokenizer.</param>
/// <param name="ReasoningParser">A name of <see cref="Gateway.Text.Parsers.ReasoningDialects"/>.</param>
/// <param name="ToolCallParser">A name of <see cref="Gateway.Text.Parsers.ToolDialects"/>.</param>
internal sealed record TextWishes(ChatTemplateSet? Templates = null, string? ReasoningParser = null, string? ToolCallParser = null)
{
    public static TextWishes None { get; } = new();

    /// <summary>These wishes, and others where these say nothing.</summary>
    public TextWishes Over(TextWishes others) => new(
        Templates ?? others.Templates, ReasoningParser ?? others.ReasoningParser, ToolCallParser ?? others.ToolCallParser);
}
