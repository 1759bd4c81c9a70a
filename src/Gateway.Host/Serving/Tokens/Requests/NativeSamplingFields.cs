using System.Text.Json;
using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>
/// Reads <c>sampling_params</c> of SGLang's own API. Its defaults are those of SGLang's HTTP server, whatever the model's makers recommend:
/// that counts for OpenAI's endpoints alone.
/// </summary>
internal static class NativeSamplingFields
{
    /// <summary>SGLang's.</summary>
    private const int DefaultMaxTokens = 128;

    public static SamplingSettings Read(FieldReader fields)
    {
        // Both are code for the engine, and its gRPC service takes neither.
        fields.RefuseUnsupported("stop_regex", "custom_params");
        return new SamplingSettings
        {
            Temperature = fields.Decimal("temperature", 0, float.MaxValue) ?? 1,
            TopP = fields.Decimal("top_p", 0, 1) ?? 1,
            TopK = fields.Integer("top_k", -1) ?? -1,
            MinP = fields.Decimal("min_p", 0, 1) ?? 0,
            FrequencyPenalty = fields.Decimal("frequency_penalty", -2, 2) ?? 0,
            PresencePenalty = fields.Decimal("presence_penalty", -2, 2) ?? 0,
            RepetitionPenalty = fields.Decimal("repetition_penalty", 0, 2) ?? 1,
            MaxTokens = fields.Integer("max_new_tokens", 0) ?? DefaultMaxTokens,
            MinTokens = fields.Integer("min_new_tokens", 0) ?? 0,
            Stop = fields.Texts("stop"),
            StopTokens = fields.TokenIds("stop_token_ids"),
            IgnoresEndOfText = fields.Flag("ignore_eos") ?? false,
            KeepsStop = fields.Flag("no_stop_trim") ?? false,
            SkipsSpecialTokens = fields.Flag("skip_special_tokens") ?? true,
            SpacesBetweenSpecialTokens = fields.Flag("spaces_between_special_tokens") ?? true,
            Choices = fields.Integer("n", 1, SamplingFields.MostChoices) ?? 1,
            Seed = fields.Long("sampling_seed", long.MinValue, long.MaxValue),
            LogitBias = SamplingFields.ReadLogitBias(fields),
        };
    }

    /// <summary>Reads what form the answer must have: one of four, each a text.</summary>
    public static OutputConstraint? ReadConstraint(FieldReader fields)
    {
        OutputConstraint? constraint = null;
        foreach (var (name, kind) in (ReadOnlySpan<(string, ConstraintKind)>)
            [
                ("regex", ConstraintKind.Regex), ("json_schema", ConstraintKind.JsonSchema), ("ebnf", ConstraintKind.Ebnf), ("structural_tag", ConstraintKind.StructuralTag),
            ])
        {
            // SGLang's clients send schemas as text; who sends one as it is, means the same.
            var text = fields.Find(name) is { ValueKind: JsonValueKind.Object } json ? json.GetRawText() : fields.Text(name);
            if (text is null)
                continue;
            if (constraint is not null)
                fields.Refuse(FieldError.Invalid(name, "Only one of 'regex', 'json_schema', 'ebnf' and 'structural_tag' can be set."));
            constraint = new OutputConstraint(kind, text);
        }

        return constraint;
    }
}
