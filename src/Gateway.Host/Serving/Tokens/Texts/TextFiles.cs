using Gateway.Text.Templates;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Texts;

/// <summary>What a model's files say of its text.</summary>
/// <param name="Tokenizer">The model's.</param>
/// <param name="Templates">Null if there is none with it.</param>
/// <param name="SpecialTokens">By the names that templates use.</param>
internal sealed record TextFiles(Tokenizer Tokenizer, ChatTemplateSet? Templates, SpecialTokens SpecialTokens);
