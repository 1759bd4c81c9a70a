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

    /// <param name="json">The request.</param>
    /// <param name="tokenizer">The model's.</param>
    /// <param name="head">Of the answer.</param>
    /// <param name="error">What is wrong with the request, if the answer is null.</param>
    public static GenerationPlan? Plan(JsonElement json, Tokenizer tokenizer, AnswerHead head, out GatewayError? error)
    {
        var fields = new FieldReader(json);
        var sampling = SamplingFields.Read(fields);
        var logprobs = fields.Integer("logprobs", 0, MostLogprobs);
        var stream = fields.Flag("stream") ?? false;
        var includeUsage = StreamFields.IncludeUsage(fields, stream);
        var constraint = ConstraintFields.Read(fields);
        if (fields.Find("suffix") is not null)
            fields.Refuse(FieldError.Unsupported("suffix", "This model does not support 'suffix'."));
        if (fields.Flag("echo") == true)
            fields.Refuse(FieldError.Unsupported("echo", "'echo' is not supported for this model."));
        if (fields.Integer("best_of", 1) is { } best && best != sampling.Choices)
            fields.Refuse(FieldError.Unsupported("best_of", "'best_of' must be the same as 'n' for this model."));
        var prompts = InputFields.Read(fields, "prompt", tokenizer);
        error = fields.Error;
        if (error is not null)
            return null;
        var logprobJson = logprobs is null ? null : new LogprobJson(id => tokenizer.Decode([id], skipSpecialTokens: false));
        return new GenerationPlan
        {
            Tokenizer = tokenizer,
            Prompts = prompts,
            Sampling = sampling,
            Stops = new StopSequences(sampling.Stop, sampling.KeepsStop),
            Constraint = constraint,
            Stream = stream,
            TopLogprobs = logprobs,
            CreateWriter = stream
                ? response => new CompletionStreamWriter(new EventStreamWriter(response.BodyWriter), head, logprobJson, includeUsage)
                : response => new CompletionWholeWriter(response.BodyWriter, head, logprobJson),
        };
    }
}
