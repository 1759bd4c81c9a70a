using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>How a parameter's text becomes a JSON value.</summary>
internal enum ValueText
{
    /// <summary>As the tool's schema says; a string if it does not.</summary>
    BySchema,
    String,
    Json,
}

/// <summary>A call written with a tag for each parameter, as in XML, and the values as plain text.</summary>
internal sealed record TaggedCallShape
{
    /// <summary>What ends the name.</summary>
    public required MarkerSet NameEnds { get; init; }

    /// <summary>Whether <see cref="NameEnds"/> belong to the name; otherwise they begin what follows.</summary>
    public bool ConsumesNameEnd { get; init; } = true;

    public required string ParameterBegins { get; init; }

    /// <summary>What ends a parameter's name, and how its value is to be understood then.</summary>
    public required IReadOnlyList<(string Marker, ValueText Value)> KeyEnds { get; init; }

    /// <summary>What stands between a parameter's name and its value; null if nothing does.</summary>
    public string? ValueBegins { get; init; }

    public required string ValueEnds { get; init; }

    /// <summary>What ends a value whose end is missing. It is not consumed.</summary>
    public IReadOnlyList<string> ValueEndsBefore { get; init; } = [];

    /// <summary>Whether one newline on each side of a value belongs to the tags.</summary>
    public bool NewlineAroundValue { get; init; }

    public required string CallEnds { get; init; }

    /// <summary>Whether the arguments may be one JSON object instead of tags.</summary>
    public bool AllowsJsonBody { get; init; }

    // Made once for all requests.
    public MarkerSet ParameterOrEnd => field ??= new(ParameterBegins, CallEnds);

    public MarkerSet KeyEndMarkers => field ??= new(KeyEnds.Select(static end => end.Marker));

    public MarkerSet? ValueBeginMarker => field ??= ValueBegins is null ? null : new(ValueBegins);

    public MarkerSet ValueEndMarkers => field ??= new([ValueEnds, .. ValueEndsBefore]);
}
