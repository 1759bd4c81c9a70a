using System.Buffers;
using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>
/// A way in which models write calls of tools: the markers around them, and a reader for what is between. The rest, from content to events,
/// is the same for all and is done by <see cref="ToolCallParser"/>.
/// </summary>
public sealed class ToolDialect
{
    internal ToolDialect(
        string name,
        IReadOnlyList<(string Text, MarkerRole Role)> markers,
        Func<CallWriter, ParameterTypes, CallReader> createReader)
    {
        (Name, Markers, CreateReader) = (name, markers, createReader);
    }

    /// <summary>As it is chosen by flag.</summary>
    public string Name { get; }

    internal IReadOnlyList<(string Text, MarkerRole Role)> Markers { get; }

    internal Func<CallWriter, ParameterTypes, CallReader> CreateReader { get; }

    /// <summary>What marks the parts of a call.</summary>
    internal IReadOnlyList<string> InnerMarkers { get; init; } = [];

    /// <summary>Those around calls and those in them.</summary>
    internal IReadOnlyList<string> AllMarkers => field ??= [.. Markers.Select(static marker => marker.Text), .. InnerMarkers];

    /// <summary>Characters that may stand between two calls, besides space.</summary>
    internal string Separators { get; init; } = "";

    internal CallIdStyle Ids { get; init; }

    // Made once for all requests.
    internal RoledMarkers InText =>
        field ??= new(Markers.Where(static marker => marker.Role is MarkerRole.Opens or MarkerRole.Call or MarkerRole.CallHere));

    internal RoledMarkers BetweenCalls => field ??= new(Markers);

    internal RoledMarkers Closing => field ??= new(Markers.Where(static marker => marker.Role == MarkerRole.Closes));

    internal SearchValues<char> SpaceAndSeparators => field ??= SearchValues.Create(" \n\r\t" + Separators);
}
