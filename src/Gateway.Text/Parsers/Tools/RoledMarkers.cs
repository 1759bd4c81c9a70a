using Gateway.Text.Parsers.Scanning;

namespace Gateway.Text.Parsers.Tools;

/// <summary>What a marker around calls means.</summary>
internal enum MarkerRole
{
    /// <summary>Calls follow, each with a marker of its own.</summary>
    Opens,

    /// <summary>As <see cref="Opens"/>, but only after another marker; in prose it means nothing.</summary>
    OpensInside,

    /// <summary>A call follows.</summary>
    Call,

    /// <summary>As <see cref="Call"/>, but only after another marker.</summary>
    CallInside,

    /// <summary>A call may begin with these characters themselves.</summary>
    CallHere,

    /// <summary>Calls have ended.</summary>
    Closes,
}

/// <summary>Markers, and what each of them means.</summary>
internal sealed class RoledMarkers(IEnumerable<(string Text, MarkerRole Role)> markers)
{
    private readonly MarkerRole[] _roles = [.. markers.Select(static marker => marker.Role)];

    public MarkerSet Set { get; } = new(markers.Select(static marker => marker.Text));

    public MarkerRole Role(int marker) => _roles[marker];
}
