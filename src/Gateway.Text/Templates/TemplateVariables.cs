using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates;

/// <summary>A <see cref="ChatTemplateInput"/> as values: what each name means to a template.</summary>
internal readonly record struct TemplateVariables
{
    public required Value Messages { get; init; }

    public required Value Tools { get; init; }

    public required Value Documents { get; init; }

    public required bool AddGenerationPrompt { get; init; }

    public bool ContinueFinalMessage { get; init; }

    public SpecialTokens? SpecialTokens { get; init; }

    public DictionaryValue? Arguments { get; init; }

    public static TemplateVariables Read(in ChatTemplateInput input) => new()
    {
        Messages = JsonValues.Read(input.Messages),
        Tools = ReadOrNone(input.Tools),
        Documents = ReadOrNone(input.Documents),
        AddGenerationPrompt = input.AddGenerationPrompt,
        ContinueFinalMessage = input.ContinueFinalMessage,
        SpecialTokens = input.SpecialTokens,
        Arguments = ReadArguments(input.Arguments),
    };

    public bool TryFind(string name, out Value value)
    {
        if (name == "messages")
        {
            value = Messages;
            return true;
        }

        if (Arguments is not null && Arguments.TryGet(name, out value))
            return true;
        value = name switch
        {
            "tools" => Tools,
            "documents" => Documents,
            "add_generation_prompt" => Value.Of(AddGenerationPrompt),
            _ => default,
        };
        return !value.IsMissing || (SpecialTokens is not null && SpecialTokens.TryGet(name, out value));
    }

    private static Value ReadOrNone(ReadOnlyMemory<byte> json) => json.IsEmpty ? Value.None : JsonValues.Read(json);

    private static DictionaryValue? ReadArguments(ReadOnlyMemory<byte> json) => ReadOrNone(json) switch
    {
        { IsNone: true } => null,
        { Kind: Kind.Dictionary } arguments => arguments.Dictionary,
        _ => throw new TemplateException(TemplateFailure.Runtime, "chat_template_kwargs must be an object"),
    };
}
