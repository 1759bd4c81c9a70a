using System.Text.Json;
using Gateway.Host.Api;
using Gateway.Host.Serving.Tokens.Answers;
using Gateway.Host.Serving.Tokens.Requests;
using Gateway.Text.Detokenization;
using Gateway.Text.Tokenizers;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>Plans <c>/v1/completions</c>: prompts as text or tokens, one or a batch.</summary>
internal static class CompletionPlanner
{
    /// <summary>As OpenAI has it.</summary>
    private const int MostLogprobs = 5;

    /// <inheritdoc cref="TokenPlanner"/>
    public static TokenPlan? Plan(in PlanningRequest request, out GatewayError? error)
    {
        var (fields, tokenizer, head) = (new FieldReader(request.Json), request.Text.Tokenizer, request.Head);
        var sampling = SamplingFields.Read(fields);
        var logprobs = fields.Integer("logprobs", 0, MostLogprobs);
        var stream = fields.Flag("stream") ?? false;
        var includeUsage = StreamFields.IncludeUsage(fields, stream);
        var constraint = ConstraintFields.Read(fields);
        if (fields.Find("suffix") is not null)
            fields.Refuse(FieldError.Unsupported("suffix", "This model does not support 'suffix'."));
        var echoes = fields.Flag("echo") ?? false;
        if (fields.Integer("best_of", 1) is { } best && best != sampling.Choices)
            fields.Refuse(FieldError.Unsupported("best_of", "'best_of' must be the same as 'n' for this model."));
        var prompts = InputFields.Read(fields, "prompt", request.Encoder);
        error = fields.Error;
        if (error is not null)
            return null;
        var texts = echoes ? EchoedTexts(request.Json.GetProperty("prompt"), prompts, tokenizer, sampling.SkipsSpecialTokens) : null;
        var logprobJson = logprobs is null
            ? null
            : new LogprobJson(id => tokenizer.Decode([id], skipSpecialTokens: false), sampling.SkipsSpecialTokens ? tokenizer.IsSpecial : null);
        return new GenerationPlan
        {
            Tokenizer = tokenizer,
            Prompts = prompts,
            Sampling = sampling,
            Stops = new StopSequences(sampling.Stop, sampling.KeepsStop),
            Constraint = constraint,
            Stream = stream,
            TopLogprobs = logprobs,
            PromptLogprobsFrom = echoes && logprobs is not null ? 0 : null,
            CreateWriter = stream
                ? response => new CompletionStreamWriter(new EventStreamWriter(response.BodyWriter), head, logprobJson, includeUsage, EchoOf(texts, sampling.Choices))
                : response => new CompletionWholeWriter(response.BodyWriter, head, logprobJson, EchoOf(texts, sampling.Choices)),
        };
    }

    /// <summary>New for each attempt: it keeps account of what was said.</summary>
    private static Echo? EchoOf(IReadOnlyList<string>? texts, int choices) => texts is null ? null : new Echo(texts, choices);

    /// <summary>A prompt's text as it came, or what its tokens say.</summary>
    private static string[] EchoedTexts(JsonElement json, List<ReadOnlyMemory<int>> prompts, Tokenizer tokenizer, bool skipsSpecialTokens)
    {
        var texts = new string[prompts.Count];
        var isBatch = json.ValueKind == JsonValueKind.Array && json[0].ValueKind != JsonValueKind.Number;
        for (var i = 0; i < texts.Length; i++)
        {
            var prompt = isBatch ? json[i] : json;
            texts[i] = prompt.ValueKind == JsonValueKind.String ? prompt.GetString()! : tokenizer.Decode(prompts[i].Span, skipsSpecialTokens);
        }

        return texts;
    }
}
