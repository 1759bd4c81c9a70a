namespace Gateway.Text.Templates;

/// <summary>What a template is rendered for. Values are JSON as they came in the request; its bytes must stay as they are while it is rendered.</summary>
public readonly record struct ChatTemplateInput
{
    public ChatTemplateInput()
    {
    }

    /// <summary>An array of messages.</summary>
    public required ReadOnlyMemory<byte> Messages { get; init; }

    /// <summary>An array of tools, or empty: then the template sees <c>none</c>, as transformers gives it.</summary>
    public ReadOnlyMemory<byte> Tools { get; init; }

    /// <summary>An array of documents, or empty.</summary>
    public ReadOnlyMemory<byte> Documents { get; init; }

    /// <summary>Ends the prompt with the beginning of the assistant's turn.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>Ends the prompt within the last message, which the model then continues.</summary>
    public bool ContinueFinalMessage { get; init; }

    /// <summary><c>bos_token</c>, <c>eos_token</c> and the others by their name; see <see cref="SpecialTokens"/>.</summary>
    public SpecialTokens? SpecialTokens { get; init; }

    /// <summary>
    /// The request's <c>chat_template_kwargs</c>: an object, or empty. A name in it hides anything but the messages, so that a client can
    /// say <c>enable_thinking</c>, and cannot speak for another.
    /// </summary>
    public ReadOnlyMemory<byte> Arguments { get; init; }
}
