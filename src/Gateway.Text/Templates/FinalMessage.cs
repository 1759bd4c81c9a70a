using Gateway.Text.Templates.Operations;
using Gateway.Text.Templates.Values;

namespace Gateway.Text.Templates;

/// <summary>
/// Ends a prompt within its last message, for the model to go on with it: finds that message's text where it was rendered last, and drops
/// what the template put after it. As transformers does it, down to what becomes of blanks at the end.
/// </summary>
internal static class FinalMessage
{
    public static void Cut(PooledText output, int start, ListValue messages)
    {
        var text = messages.Count > 0 ? Text(messages[messages.Count - 1]) : null;
        if (text is null)
            throw Error("continue_final_message is set, but there is no text to continue in the final message");
        var fromStart = PythonText.TrimStart(text);
        var bare = PythonText.TrimEnd(fromStart);
        var prompt = output.Span[start..];
        var at = prompt.LastIndexOf(bare);
        if (at < 0)
            throw Error("continue_final_message is set, but the final message does not appear in the chat after applying the chat template");
        var keepsSpace = prompt[at..].StartsWith(fromStart);
        output.Truncate(start + at + (keepsSpace ? fromStart.Length : bare.Length));
    }

    private static string? Text(in Value message)
    {
        if (!message.Dictionary.TryGet("content", out var content))
            return null;
        if (content.Kind != Kind.List)
            return content.IsString ? content.Text : null;
        for (var i = content.List.Count - 1; i >= 0; i--)
        {
            if (content.List[i] is { Kind: Kind.Dictionary } part && part.Dictionary.TryGet("text", out var text) && text.IsString)
                return text.Text;
        }

        return null;
    }

    private static TemplateException Error(string message) => new(TemplateFailure.Runtime, message);
}
