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
                if (other.ApiKey is { } theirs && tenants[i].ApiKey is { } own && KeyChecks.AreSame(theirs, own))
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
            Name = KeyReader.ReadName(fields),
            ApiKey = KeyReader.ReadKey(fields, "api_key", "api_key_file"),
            MaxConcurrent = fields.Integer("max_concurrent", 1, int.MaxValue),
            RequestsPerMinute = fields.Integer("requests_per_minute", 1, int.MaxValue),
            TokensPerMinute = fields.Integer("tokens_per_minute", 1, int.MaxValue),
            MaxPriority = fields.OneOf("max_priority", Priorities),
        };
        fields.RefuseOthers();
        return tenant;
    }
}
