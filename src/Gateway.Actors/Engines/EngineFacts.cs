using Gateway.Actors.Workers;

namespace Gateway.Actors.Engines;

/// <summary>Reads what engines say in gRPC, where nothing said is an empty text or a zero.</summary>
internal static class EngineFacts
{
    /// <summary>The one model of an engine: under the name it serves it by, else by its path; empty if it says neither.</summary>
    public static EquatableArray<ModelCard> Models(string servedName, string path, long maxLength)
    {
        var id = servedName.Length > 0 ? servedName : path;
        return id.Length > 0 ? [new ModelCard(id, MaxModelLength: Positive(maxLength))] : [];
    }

    public static string? Text(string? said) => string.IsNullOrEmpty(said) ? null : said;

    public static int? Positive(long said) => said is > 0 and <= int.MaxValue ? (int)said : null;
}
