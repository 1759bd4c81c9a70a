using System.Text.Json;
using Gateway.Actors.Workers;
using Gateway.Host.Admission;

namespace Gateway.Host.Configuration;

/// <summary>Reads the <c>keys</c> of the configuration file, and those of the keys file.</summary>
internal static class KeyReader
{
    public const string ListKey = "keys";

    public static IReadOnlyDictionary<string, KeyRole> Roles { get; } =
        Enum.GetValues<KeyRole>().ToDictionary(static role => role.ToString().ToLowerInvariant());

    /// <exception cref="FormatException">The message names the field.</exception>
    public static EquatableArray<KeyOptions> ReadList(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => [.. json.EnumerateArray().Select(static (item, index) => Read(item, $"{ListKey}[{index}]"))],
        _ => throw new FormatException($"{ListKey}: must be a list of keys"),
    };

    /// <summary>It stands in log lines, so that it must be one word.</summary>
    public static string ReadName(JsonFields fields)
    {
        var name = fields.Text("name") ?? throw fields.Wrong("name", "is missing");
        return name.Any(static letter => char.IsWhiteSpace(letter) || char.IsControl(letter))
            ? throw fields.Wrong("name", "must be one word")
            : name;
    }

    /// <summary>A key that stands in one field, or in the file that the other field names; null if neither is there.</summary>
    public static Secret? ReadKey(JsonFields fields, string inline, string file)
    {
        var (key, path) = (fields.Text(inline), fields.Text(file));
        if (key is not null && path is not null)
            throw fields.Wrong(inline, $"give either this or {file}");
        try
        {
            return key is not null ? ValueFormats.Key.Parse(key) : path is not null ? ValueFormats.KeyFile.Parse(path) : null;
        }
        catch (FormatException failure)
        {
            throw fields.Wrong(key is not null ? inline : file, failure.Message);
        }
    }

    private static KeyOptions Read(JsonElement json, string path)
    {
        var fields = new JsonFields(json, path);
        var key = new KeyOptions
        {
            Name = ReadName(fields),
            Key = ReadKey(fields, "key", "key_file") ?? throw fields.Wrong("key", "give either this or key_file"),
            Role = fields.OneOf("role", Roles) ?? KeyRole.User,
            Tenant = fields.Text("tenant"),
        };
        fields.RefuseOthers();
        return key;
    }
}
