using Gateway.Actors.Routing;

namespace Gateway.Host.Serving;

/// <summary>
/// The headers in which a client says where its request should go, under the names of the gateway that clients were written for
/// and under neutral ones.
/// </summary>
internal static class RouteHintHeaders
{
    public static RouteHints Read(IHeaderDictionary headers) => new(
        First(headers, "X-Routing-Key", "X-SMG-Routing-Key"),
        First(headers, "X-Target-Worker", "X-SMG-Target-Worker"));

    private static string? First(IHeaderDictionary headers, string name, string synonym) =>
        headers.TryGetValue(name, out var values) || headers.TryGetValue(synonym, out values)
            ? values is [{ Length: > 0 } value] ? value : null
            : null;
}
