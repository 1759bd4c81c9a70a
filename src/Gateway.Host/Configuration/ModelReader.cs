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
            Policy = ReadPolicy(fields),
            MaxConcurrentRequests = fields.Integer("max_concurrent_requests", 0, int.MaxValue),
            Retry = ReadRetry(fields),
            RequestsPerMinute = rates?.Integer("requests_per_minute", 1, int.MaxValue),
            TokensPerMinute = rates?.Integer("tokens_per_minute", 1, int.MaxValue),
        };
        rates?.RefuseOthers();
        fields.RefuseOthers();
        return model;
    }

    private static string? ReadPolicy(JsonFields fields)
    {
        if (fields.Text("policy") is not { } name)
            return null;
        try
        {
            return ValueFormats.PolicyName.Parse(name);
        }
        catch (FormatException failure)
        {
            throw fields.Wrong("policy", failure.Message);
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
