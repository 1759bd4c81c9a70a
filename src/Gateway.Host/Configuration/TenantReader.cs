using System.Text.Json;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;

namespace Gateway.Host.Configuration;

/// <summary>Reads the <c>tenants</c> of the configuration file.</summary>
internal static class TenantReader
{
    public const string ListKey = "tenants";

    public static IReadOnlyDictionary<string, RequestPriority> Priorities { get; } =
        Enum.GetValues<RequestPriority>().ToDictionary(static priority => priority.ToString().ToLowerInvariant());

    /// <exception cref="FormatException">The message names the field.</exception>
    public static EquatableArray<TenantOptions> ReadList(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Null)
            return [];
        if (json.ValueKind != JsonValueKind.Array)
            throw new FormatException($"{ListKey}: must be a list of tenants");
        TenantOptions[] tenants = [.. json.EnumerateArray().Select(static (item, index) => Read(item, $"{ListKey}[{index}]"))];
        for (var i = 0; i < tenants.Length; i++)
        {
            var earlier = tenants.AsSpan(0, i);
            foreach (var other in earlier)
            {
                if (other.Name == tenants[i].Name)
                    throw new FormatException($"{ListKey}[{i}].name: '{other.Name}' occurs more than once");
                if (other.ApiKey.Equals(tenants[i].ApiKey))
                    throw new FormatException($"{ListKey}[{i}]: has the same key as '{other.Name}'");
            }
        }

        return [.. tenants];
    }

    private static TenantOptions Read(JsonElement json, string path)
    {
        var fields = new JsonFields(json, path);
        var tenant = new TenantOptions
        {
            Name = ReadName(fields),
            ApiKey = ReadKey(fields),
            MaxConcurrent = fields.Integer("max_concurrent", 1, int.MaxValue),
            RequestsPerMinute = fields.Integer("requests_per_minute", 1, int.MaxValue),
            TokensPerMinute = fields.Integer("tokens_per_minute", 1, int.MaxValue),
            MaxPriority = fields.OneOf("max_priority", Priorities),
        };
        fields.RefuseOthers();
        return tenant;
    }

    /// <summary>It stands in log lines, so that it must be one word.</summary>
    private static string ReadName(JsonFields fields)
    {
        var name = fields.Text("name") ?? throw fields.Wrong("name", "is missing");
        return name.Any(static letter => char.IsWhiteSpace(letter) || char.IsControl(letter))
            ? throw fields.Wrong("name", "must be one word")
            : name;
    }

    private static Secret ReadKey(JsonFields fields)
    {
        var key = fields.Text("api_key");
        var file = fields.Text("api_key_file");
        if ((key is null) == (file is null))
            throw fields.Wrong("api_key", "give either this or api_key_file");
        if (key is not null)
            return new Secret(key);
        try
        {
            return ValueFormats.KeyFile.Parse(file!)!;
        }
        catch (FormatException failure)
        {
            throw fields.Wrong("api_key_file", failure.Message);
        }
    }
}
