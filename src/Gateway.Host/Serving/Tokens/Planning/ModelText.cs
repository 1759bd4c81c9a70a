using Gateway.Text.Parsers;
using Gateway.Text.Templates;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>What it takes to speak with a model in tokens. Immutable; all requests of a model share it.</summary>
/// <param name="Tokenizer">The model's.</param>
/// <param name="Templates">Make a prompt of a conversation; null if the model has none, and so does not chat.</param>
/// <param name="SpecialTokens">By the names that templates use, such as <c>bos_token</c>.</param>
/// <param name="Format">What its answers look like.</param>
internal sealed record ModelText(Tokenizer Tokenizer, ChatTemplateSet? Templates, SpecialTokens SpecialTokens, ChatOutputFormat Format);
