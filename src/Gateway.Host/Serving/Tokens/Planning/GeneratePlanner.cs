using Gateway.Host.Api;
using Gateway.Host.Serving.Tokens.Answers;
using Gateway.Host.Serving.Tokens.Requests;
using Gateway.Text.Detokenization;

namespace Gateway.Host.Serving.Tokens.Planning;

/// <summary>Plans <c>/generate</c>, SGLang's own API.</summary>
internal static class GeneratePlanner
{
    /// <inheritdoc cref="TokenPlanner"/>
    public static TokenPlan? Plan(in PlanningRequest request, out GatewayError? error)
    {
        var fields = new FieldReader(request.Json);
        fields.RefuseUnsupported(
            "input_embeds", "image_data", "video_data", "audio_data", "lora_path", "session_params", "custom_logit_processor", "token_ids_logprob", "data_parallel_rank");
        if (fields.Flag("return_hidden_states") == true)
            fields.Refuse(FieldError.Unsupported("return_hidden_states", "'return_hidden_states' is not supported for this model."));
        var tokenizer = request.Text.Tokenizer;
        var parameters = new FieldReader(fields.Object("sampling_params") ?? default, "sampling_params.");
        var sampling = NativeSamplingFields.Read(parameters);
        var constraint = NativeSamplingFields.ReadConstraint(parameters);
        if (parameters.Error is { } wrong)
            fields.Refuse(wrong);
        var stream = fields.Flag("stream") ?? false;
        var wantsLogprobs = fields.Flag("return_logprob") ?? false;
        var top = fields.Integer("top_logprobs_num", 0) ?? 0;
        var start = fields.Integer("logprob_start_len", -1) ?? -1;
        var showsText = fields.Flag("return_text_in_logprobs") ?? false;
        var prompts = NativePrompts.Read(fields, request.Encoder);
        var ids = Ids(fields, prompts, request.Exchange.RequestId);
        if (wantsLogprobs)
            CheckStart(fields, start, prompts);
        error = fields.Error;
        if (error is not null)
            return null;

        var logprobs = wantsLogprobs ? new NativeLogprobJson(top > 0, showsText ? id => tokenizer.Decode([id], skipSpecialTokens: false) : null) : null;
        var format = new NativeAnswerJson(
            ids, sampling.Choices, prompts.IsBatch || sampling.Choices > 1, logprobs, request.Time, request.Exchange.StartTimestamp);
        return new GenerationPlan
        {
            Tokenizer = tokenizer,
            Prompts = prompts.Tokens,
            Sampling = sampling,
            Stops = new StopSequences(sampling.Stop, sampling.KeepsStop),
            Constraint = constraint,
            Stream = stream,
            TopLogprobs = wantsLogprobs ? top : null,
            PromptLogprobsFrom = wantsLogprobs && start >= 0 ? start : null,
            CreateWriter = stream
                ? response => new NativeStreamWriter(new EventStreamWriter(response.BodyWriter), format)
                : response => new NativeWholeWriter(response.BodyWriter, format),
        };
    }

    /// <summary>
    /// Under which name the client knows each prompt: its own <c>rid</c> if it gives one, numbered for a batch as SGLang does. The engine knows
    /// them under others, which the gateway mints: it must be sure that no two are the same.
    /// </summary>
    private static IReadOnlyList<string> Ids(FieldReader fields, NativePrompts prompts, string requestId)
    {
        var given = fields.Texts("rid");
        if (prompts.IsBatch && given.Count == prompts.Tokens.Count && given.Count > 1)
            return given;
        if (given.Count > 1)
            fields.Refuse(FieldError.Invalid("rid", $"Invalid 'rid': {given.Count} ids for {prompts.Tokens.Count} prompts."));
        var id = given.Count == 1 ? given[0] : requestId;
        if (prompts.Tokens.Count == 1)
            return [id];
        var ids = new string[prompts.Tokens.Count];
        for (var i = 0; i < ids.Length; i++)
            ids[i] = $"{id}_{i}";
        return ids;
    }

    private static void CheckStart(FieldReader fields, int start, NativePrompts prompts)
    {
        foreach (var prompt in prompts.Tokens)
        {
            if (start >= prompt.Length)
                fields.Refuse(FieldError.Invalid("logprob_start_len", $"Invalid 'logprob_start_len': {start} is behind the end of a prompt of {prompt.Length} tokens."));
        }
    }
}
