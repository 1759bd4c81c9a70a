using System.Text.Json;
using Gateway.Host.Api;
using Gateway.Host.Serving.Tokens.Answers;
using Gateway.Host.Serving.Tokens.Requests;
using Gateway.Text.Parsers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>Plans <c>/v1/chat/completions</c>: the conversation becomes a prompt by the model's template, and that tokens.</summary>
internal static class ChatPlanner
{
    /// <summary>As OpenAI has it.</summary>
    private const int MostTopLogprobs = 20;

    /// <param name="document">The request. The plan keeps it, for the schemas of its tools.</param>
    /// <param name="text">The model's.</param>
    /// <param name="head">Of the answer.</param>
    /// <param name="error">What is wrong with the request, if the answer is null.</param>
    public static GenerationPlan? Plan(JsonDocument document, ModelText text, AnswerHead head, out GatewayError? error)
    {
        var fields = new FieldReader(document.RootElement);
        var sampling = SamplingFields.Read(fields);
        var topLogprobs = TopLogprobs(fields);
        var stream = fields.Flag("stream") ?? false;
        var includeUsage = StreamFields.IncludeUsage(fields, stream);
        var tools = ToolFields.Read(fields);
        var constraint = ConstraintFields.Read(fields, tools, text.Format.IsHarmony);
        var separatesReasoning = fields.Flag("separate_reasoning") ?? true;
        var streamsReasoning = fields.Flag("stream_reasoning") ?? true;
        var prompt = Prompt(fields, text, constraint?.Tools);
        error = fields.Error;
        if (error is not null)
            return null;
        var options = new ChatOutputOptions
        {
            Tools = constraint!.Tools,
            CallsAreJson = constraint.CallsAreJson,
            SeparateReasoning = separatesReasoning,
            StreamReasoning = streamsReasoning,
            StartsInReasoning = text.Format.Reasoning?.StartsInReasoningAfter(prompt!),
        };
        var logprobJson = topLogprobs is null ? null : new LogprobJson(id => text.Tokenizer.Decode([id], skipSpecialTokens: false));
        // Marks that tell calls and channels apart may be special tokens.
        var keepsMarks = text.Format.IsHarmony || (tools.Count > 0 && text.Format.Tools is not null);
        return new GenerationPlan
        {
            Tokenizer = text.Tokenizer,
            Prompts = [text.Tokenizer.Encode(prompt!, addSpecialTokens: false)],
            Sampling = keepsMarks ? sampling with { SkipsSpecialTokens = false } : sampling,
            Constraint = constraint.Constraint,
            Stream = stream,
            TopLogprobs = topLogprobs,
            Output = new OutputReading(text.Format, options),
            Holds = document,
            CreateWriter = stream
                ? response => new ChatStreamWriter(new EventStreamWriter(response.BodyWriter), head, logprobJson, includeUsage)
                : response => new ChatWholeWriter(response.BodyWriter, head, logprobJson),
        };
    }

    private static int? TopLogprobs(FieldReader fields)
    {
        var wanted = fields.Flag("logprobs") ?? false;
        var top = fields.Integer("top_logprobs", 0, MostTopLogprobs);
        if (top is not null && !wanted)
            fields.Refuse(FieldError.Invalid("top_logprobs", "'top_logprobs' is only allowed when 'logprobs' is enabled."));
        return wanted ? top ?? 0 : null;
    }

    private static string? Prompt(FieldReader fields, ModelText text, IReadOnlyList<ToolDefinition>? tools)
    {
        if (fields.Array("messages") is not { } messages)
        {
            fields.Refuse(FieldError.Missing("messages"));
            return null;
        }

        if (messages.GetArrayLength() == 0)
            fields.Refuse(FieldError.EmptyArray("messages"));
        MessageFields.Check(fields, messages);
        var continues = fields.Flag("continue_final_message") ?? false;
        var addsPrompt = fields.Flag("add_generation_prompt") ?? !continues;
        if (continues && addsPrompt)
            fields.Refuse(FieldError.Invalid("continue_final_message", "'continue_final_message' and 'add_generation_prompt' exclude each other."));
        var arguments = fields.Object("chat_template_kwargs");
        if (text.Template is null)
            fields.Refuse(FieldError.Invalid("messages", "This model has no chat template: use /v1/completions."));
        if (fields.Error is not null)
            return null;
        try
        {
            // With tool_choice none the model is not told of tools.
            var shown = tools is { Count: > 0 } ? fields.Array("tools") : null;
            return text.Template!.Render(new Conversation(messages, shown, arguments, addsPrompt, continues));
        }
        catch (ConversationException exception)
        {
            fields.Refuse(FieldError.Invalid("messages", exception.Message));
            return null;
        }
    }
}
