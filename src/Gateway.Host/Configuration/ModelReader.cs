using System.Text.Json;
using Gateway.Actors.Workers;

namespace Gateway.Host.Configuration;

/// <summary>Reads the <c>models</c> of the configuration file: a mapping from ids to all that there is to say of each.</summary>
internal static class ModelReader
{
    public const string Key = "models";

    /// <exception cref="FormatException">The message names the field.</exception>
    public static EquatableArray<ModelOptions> ReadAll(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Object => [.. json.EnumerateObject().Where(static model => model.Value.ValueKind != JsonValueKind.Null).Select(Read)],
        _ => throw new FormatException($"{Key}: must be a mapping of model ids to their settings"),
    };

    private static ModelOptions Read(JsonProperty json)
    {
        if (string.IsNullOrWhiteSpace(json.Name))
            throw new FormatException($"{Key}: an id must not be empty");
        var fields = new JsonFields(json.Value, $"{Key}.{json.Name}");
        var rates = fields.Object("rates");
        var model = new ModelOptions
        {
            Id = json.Name,
            Policy = ReadName(fields, "policy", ValueFormats.PolicyName.Parse),
            MaxConcurrentRequests = fields.Integer("max_concurrent_requests", 0, int.MaxValue),
            Retry = ReadRetry(fields),
            RequestsPerMinute = rates?.Integer("requests_per_minute", 1, int.MaxValue),
            TokensPerMinute = rates?.Integer("tokens_per_minute", 1, int.MaxValue),
            TokenizerPath = fields.Text("tokenizer_path"),
            ChatTemplate = fields.Text("chat_template"),
            ReasoningParser = ReadName(fields, "reasoning_parser", ValueFormats.ReasoningParser.Parse),
            ToolCallParser = ReadName(fields, "tool_call_parser", ValueFormats.ToolCallParser.Parse),
        };
        rates?.RefuseOthers();
        fields.RefuseOthers();
        return model;
    }

    private static string? ReadName(JsonFields fields, string name, Func<string, string?> parse)
    {
        if (fields.Text(name) is not { } word)
            return null;
        try
        {
            return parse(word);
        }
        catch (FormatException failure)
        {
            throw fields.Wrong(name, failure.Message);
        }
    }

    private static RetryOverrides? ReadRetry(JsonFields model)
    {
        if (model.Object("retry") is not { } fields)
            return null;
        var retry = RetryFields.Read(fields);
        fields.RefuseOthers();
        return retry;
    }
}
