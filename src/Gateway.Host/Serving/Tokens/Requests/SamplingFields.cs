using System.Globalization;
using System.Text.Json;
using Gateway.Actors.Engines.Generation;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>Reads how tokens are to be chosen: the fields that chat and completion requests share, with those that engines add to OpenAI's.</summary>
internal static class SamplingFields
{
    public const int MostChoices = 128;

    /// <summary>As OpenAI has it.</summary>
    private const int MostStops = 4;

    public static SamplingSettings Read(FieldReader fields) => new()
    {
        Temperature = fields.Decimal("temperature", 0, 2),
        TopP = fields.Decimal("top_p", 0, 1),
        TopK = fields.Integer("top_k", -1),
        MinP = fields.Decimal("min_p", 0, 1),
        FrequencyPenalty = fields.Decimal("frequency_penalty", -2, 2),
        PresencePenalty = fields.Decimal("presence_penalty", -2, 2),
        RepetitionPenalty = fields.Decimal("repetition_penalty", 0, 2),
        MaxTokens = fields.Integer("max_completion_tokens", 1) ?? fields.Integer("max_tokens", 1),
        MinTokens = fields.Integer("min_tokens", 0) ?? 0,
        Stop = fields.Texts("stop", MostStops),
        StopTokens = fields.TokenIds("stop_token_ids"),
        IgnoresEndOfText = fields.Flag("ignore_eos") ?? false,
        KeepsStop = fields.Flag("no_stop_trim") ?? fields.Flag("include_stop_str_in_output") ?? false,
        SkipsSpecialTokens = fields.Flag("skip_special_tokens") ?? true,
        SpacesBetweenSpecialTokens = fields.Flag("spaces_between_special_tokens") ?? true,
        Choices = fields.Integer("n", 1, MostChoices) ?? 1,
        Seed = fields.Long("seed", long.MinValue, long.MaxValue),
        LogitBias = ReadLogitBias(fields),
    };

    public static Dictionary<int, float>? ReadLogitBias(FieldReader fields)
    {
        if (fields.Object("logit_bias") is not { } json)
            return null;
        var bias = new Dictionary<int, float>();
        foreach (var property in json.EnumerateObject())
        {
            if (!int.TryParse(property.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var token))
                fields.Refuse(FieldError.Invalid("logit_bias", $"Invalid key in 'logit_bias': '{property.Name}' is not a token id."));
            else if (ReadBias(fields, property.Value, $"logit_bias.{property.Name}") is { } value)
                bias[token] = value;
        }

        return bias;
    }

    private static float? ReadBias(FieldReader fields, JsonElement json, string name)
    {
        const double Most = 100;
        if (json.ValueKind != JsonValueKind.Number || !json.TryGetDouble(out var value))
            fields.Refuse(FieldError.WrongType(name, "a decimal", json));
        else if (value > Most)
            fields.Refuse(FieldError.TooHigh(name, Most, value, isInteger: false));
        else if (value < -Most)
            fields.Refuse(FieldError.TooLow(name, -Most, value, isInteger: false));
        else
            return (float)value;
        return null;
    }
}
