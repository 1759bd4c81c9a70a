using System.Text.Json;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>Makes the prompt of a conversation, as the model was trained on it.</summary>
internal interface IConversationTemplate
{
    /// <exception cref="ConversationException">The conversation does not fit the template; the message says why, to the client.</exception>
    string Render(Conversation conversation);
}

/// <summary>What a template gets.</summary>
/// <param name="Messages">An array.</param>
/// <param name="Tools">An array; null if there are none.</param>
/// <param name="Arguments">The client's <c>chat_template_kwargs</c>; null if there are none.</param>
/// <param name="AddsGenerationPrompt">True if the answer's beginning is to be there.</param>
/// <param name="ContinuesFinalMessage">True if the answer goes on with the last message.</param>
internal sealed record Conversation(
    JsonElement Messages, JsonElement? Tools, JsonElement? Arguments, bool AddsGenerationPrompt, bool ContinuesFinalMessage);

/// <summary>A conversation does not fit its model's template.</summary>
internal sealed class ConversationException(string message, Exception? inner = null) : Exception(message, inner);
