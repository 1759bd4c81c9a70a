using System.Collections.Frozen;
using Gateway.Text.Parsers;
using Gateway.Text.Templates;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>What it takes to speak with a model in tokens. Immutable; all requests of a model share it.</summary>
/// <param name="tokenizer">The model's.</param>
/// <param name="templates">Make a prompt of a conversation; null if the model has none, and so does not chat.</param>
/// <param name="specialTokens">By the names that templates use, such as <c>bos_token</c>.</param>
/// <param name="format">What its answers look like.</param>
internal sealed class ModelText(Tokenizer tokenizer, ChatTemplateSet? templates, SpecialTokens specialTokens, ChatOutputFormat format)
{
    public Tokenizer Tokenizer { get; } = tokenizer;

    public ChatTemplateSet? Templates { get; } = templates;

    public SpecialTokens SpecialTokens { get; } = specialTokens;

    public ChatOutputFormat Format { get; } = format;

    /// <summary>Special tokens that are part of <see cref="Format"/>, if calls are not looked for.</summary>
    public FrozenSet<int> Marks { get; } = format.MarksIn(tokenizer, withTools: false);

    /// <summary>The same, if calls are looked for.</summary>
    public FrozenSet<int> MarksWithTools { get; } = format.MarksIn(tokenizer, withTools: true);
}
