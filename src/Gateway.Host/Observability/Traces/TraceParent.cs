using System.Diagnostics;
using System.Globalization;

namespace Gateway.Host.Observability.Traces;

/// <summary>What the headers of a request say of the trace it belongs to (W3C Trace Context).</summary>
internal static class TraceParent
{
    /// <summary>Version, trace id, parent id and flags, with dashes between them. Later versions may be longer.</summary>
    private const int ShortestLength = 55;

    /// <summary>Where the flags stand, two hexadecimal digits.</summary>
    private const int FlagsAt = 53;

    /// <param name="headers">The request's.</param>
    /// <param name="parent">The client's span, if it is sampled.</param>
    /// <returns>Whether the client has the trace sampled; null if there is none. Allocates nothing unless it has.</returns>
    public static bool? IsSampled(IHeaderDictionary headers, out ActivityContext parent)
    {
        parent = default;
        if (headers.TraceParent is not [{ Length: >= ShortestLength } text]
            || !byte.TryParse(text.AsSpan(FlagsAt, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var flags))
            return null;
        if ((flags & (int)ActivityTraceFlags.Recorded) == 0)
            return false;
        return ActivityContext.TryParse(text, (string?)headers.TraceState, isRemote: true, out parent) ? true : null;
    }
}
