using System.Buffers;
using System.Text.Json;
using Gateway.Text.Templates;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>Reads the conversation of a chat request, and how its prompt is to be made.</summary>
internal static class ConversationFields
{
    /// <summary>OpenAI has these; models that know them get them as an argument of their template.</summary>
    private static readonly string[] ReasoningEfforts = ["none", "minimal", "low", "medium", "high", "xhigh"];

    /// <param name="fields">The request.</param>
    /// <param name="body">What it was parsed from. The conversation refers to it.</param>
    /// <param name="showsTools">False if the model is not to be told of the tools that the request has.</param>
    /// <returns>Null if something is wrong, which <paramref name="fields"/> then knows.</returns>
    public static Conversation? Read(FieldReader fields, ReadOnlyMemory<byte> body, bool showsTools)
    {
        if (fields.Array("messages") is not { } messages)
        {
            fields.Refuse(FieldError.Missing("messages"));
            return null;
        }

        if (messages.GetArrayLength() == 0)
            fields.Refuse(FieldError.EmptyArray("messages"));
        var images = MessageFields.Read(fields, messages);
        var continues = fields.Flag("continue_final_message") ?? false;
        var addsPrompt = fields.Flag("add_generation_prompt") ?? !continues;
        if (continues && addsPrompt)
            fields.Refuse(FieldError.Invalid("continue_final_message", "'continue_final_message' and 'add_generation_prompt' exclude each other."));
        var arguments = Arguments(fields, body);
        var documents = fields.Array("documents");
        if (fields.Error is not null)
            return null;
        return new Conversation(
            new ChatTemplateInput
            {
                Messages = RawJson.Of(messages, body),
                Tools = showsTools ? RawJson.Of(fields.Array("tools"), body) : default,
                Documents = RawJson.Of(documents, body),
                Arguments = arguments,
                AddGenerationPrompt = addsPrompt,
                ContinueFinalMessage = continues,
            },
            images);
    }

    /// <summary><c>chat_template_kwargs</c>, and in front of them the reasoning effort, which they may say too.</summary>
    private static ReadOnlyMemory<byte> Arguments(FieldReader fields, ReadOnlyMemory<byte> body)
    {
        var arguments = fields.Object("chat_template_kwargs");
        if (fields.Text("reasoning_effort") is not { } effort)
            return RawJson.Of(arguments, body);
        if (Array.IndexOf(ReasoningEfforts, effort) < 0)
            fields.Refuse(FieldError.NotAmong("reasoning_effort", effort, ReasoningEfforts));
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("reasoning_effort"u8, effort);
        if (arguments is { } given)
        {
            foreach (var argument in given.EnumerateObject())
                argument.WriteTo(json);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
