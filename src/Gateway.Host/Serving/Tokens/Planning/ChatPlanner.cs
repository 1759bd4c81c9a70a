using Gateway.Host.Api;
using Gateway.Host.Serving.Tokens.Answers;
using Gateway.Host.Serving.Tokens.Requests;
using Gateway.Text.Detokenization;
using Gateway.Text.Parsers;
using Gateway.Text.Templates;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>Plans <c>/v1/chat/completions</c>: the conversation becomes a prompt by the model's template, and that tokens.</summary>
internal static class ChatPlanner
{
    /// <summary>As OpenAI has it.</summary>
    private const int MostTopLogprobs = 20;

    /// <inheritdoc cref="TokenPlanner"/>
    public static TokenPlan? Plan(in PlanningRequest request, out GatewayError? error)
    {
        var (fields, text, head) = (new FieldReader(request.Json), request.Text, request.Head);
        var sampling = SamplingFields.Read(fields);
        var topLogprobs = TopLogprobs(fields);
        var stream = fields.Flag("stream") ?? false;
        var includeUsage = StreamFields.IncludeUsage(fields, stream);
        var tools = ToolFields.Read(fields);
        var constraint = ConstraintFields.Read(fields, tools, text.Format.IsHarmony);
        // With tool_choice none the model is not told of tools.
        var conversation = ConversationFields.Read(fields, request.Body, showsTools: constraint?.Tools.Count > 0);
        var separatesReasoning = fields.Flag("separate_reasoning") ?? true;
        var streamsReasoning = fields.Flag("stream_reasoning") ?? true;
        if (text.Templates is null)
            fields.Refuse(FieldError.Invalid("messages", "This model has no chat template: use /v1/completions."));
        using var prompt = new PooledText(request.Body.Length);
        if (fields.Error is null)
            Render(fields, conversation!, text, prompt);
        error = fields.Error;
        if (error is not null)
            return null;

        var output = new OutputReading(
            text.Format,
            new ChatOutputOptions
            {
                Tools = constraint!.Tools,
                CallsAreJson = constraint.CallsAreJson,
                SeparateReasoning = separatesReasoning,
                StreamReasoning = streamsReasoning,
                StartsInReasoning = StartsInReasoning(text.Format, prompt.Span, conversation!.Input.ContinueFinalMessage),
            },
            constraint.Tools.Count > 0 ? text.MarksWithTools : text.Marks);
        var logprobJson = topLogprobs is null ? null : new LogprobJson(id => text.Tokenizer.Decode([id], skipSpecialTokens: false));
        return new GenerationPlan
        {
            Tokenizer = text.Tokenizer,
            // The template has written all special tokens itself.
            Prompts = [request.Encoder.Encode(prompt.Span, addSpecialTokens: false)],
            Sampling = sampling,
            Stops = new StopSequences(sampling.Stop, sampling.KeepsStop),
            Constraint = constraint.Constraint,
            Stream = stream,
            TopLogprobs = topLogprobs,
            Output = output,
            Images = conversation.Images,
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
            fields.Refuse(FieldError.Invalid("top_logprobs", "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled."));
        return wanted ? top ?? 0 : null;
    }

    private static void Render(FieldReader fields, Conversation conversation, ModelText text, PooledText prompt)
    {
        try
        {
            ChatPrompt.Render(text.Templates!, conversation.Input with { SpecialTokens = text.SpecialTokens }, prompt);
        }
        catch (TemplateException exception)
        {
            fields.Refuse(FieldError.Invalid("messages", exception.Message));
        }
    }

    private static bool? StartsInReasoning(ChatOutputFormat format, ReadOnlySpan<char> prompt, bool continues)
    {
        if (format.Reasoning is not { } reasoning)
            return null;
        return continues ? reasoning.IsWithinReasoning(prompt) : reasoning.StartsInReasoningAfter(prompt);
    }
}
