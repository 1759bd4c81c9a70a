using Gateway.Text.Templates;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>What a chat request says of its conversation.</summary>
/// <param name="Input">For the model's template; the special tokens are missing yet.</param>
/// <param name="Images">In the order in which they stand in the messages.</param>
internal sealed record Conversation(ChatTemplateInput Input, IReadOnlyList<string> Images);
