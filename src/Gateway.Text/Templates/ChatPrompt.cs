using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates;

/// <summary>From a chat request to the prompt: chooses the template, gives it the messages in the forms it takes, and renders.</summary>
public static class ChatPrompt
{
    /// <summary>Appends the prompt to <paramref name="output"/>.</summary>
    /// <exception cref="TemplateException">The request cannot be made a prompt; the message says why.</exception>
    public static void Render(
        ChatTemplateSet templates, in ChatTemplateInput input, PooledText output, TemplateLimits? limits = null, TimeProvider? time = null)
    {
        if (input.ContinueFinalMessage && input.AddGenerationPrompt)
            throw new TemplateException(TemplateFailure.Runtime, "add_generation_prompt and continue_final_message cannot both be set");
        var variables = TemplateVariables.Read(input);
        var template = templates.Choose(HasItems(variables.Tools), HasItems(variables.Documents));
        variables = variables with { Messages = ChatMessages.Prepare(variables.Messages, template.Traits) };
        var start = output.Length;
        template.Render(variables, output, limits, time);
        if (input.ContinueFinalMessage)
            FinalMessage.Cut(output, start, variables.Messages.List);
    }

    private static bool HasItems(in Value value) => value.Kind == Kind.List && value.List.Count > 0;
}
