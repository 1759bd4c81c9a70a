using Gateway.Text.Parsers;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>What it takes to speak with a model in tokens.</summary>
/// <param name="Tokenizer">The model's.</param>
/// <param name="Template">Makes a prompt of a conversation; null if the model has none, and so does not chat.</param>
/// <param name="Format">What its answers look like.</param>
internal sealed record ModelText(Tokenizer Tokenizer, IConversationTemplate? Template, ChatOutputFormat Format);
