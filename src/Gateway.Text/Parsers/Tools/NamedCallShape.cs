using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>A call written as its name, a marker, and its arguments as JSON.</summary>
internal sealed record NamedCallShape
{
    /// <summary>What always stands before the name; null if nothing does.</summary>
    public MarkerSet? Lead { get; init; }

    /// <summary>What ends the name. "{" is not consumed, for the arguments begin with it.</summary>
    public required MarkerSet NameEnds { get; init; }

    /// <summary>The one of <see cref="NameEnds"/> after which comes the call's id.</summary>
    public string? IdBegins { get; init; }

    /// <summary>What ends the id.</summary>
    public MarkerSet? IdEnds { get; init; }

    /// <summary>What may stand before the arguments, as "```json"; three backticks may then stand after them.</summary>
    public MarkerSet? Fence { get; init; }

    /// <summary>Whether what stands where the name is expected is an id with the name in it.</summary>
    public bool NameIsId { get; init; }
}
