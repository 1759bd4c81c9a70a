using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Gateway.Actors.Engines;

namespace Gateway.Host.Serving;

/// <summary>The URIs of the engines' endpoints, parsed once for each client; they go with it.</summary>
internal static class EngineAddress
{
    private static readonly ConditionalWeakTable<HttpEngineClient, ConcurrentDictionary<string, Uri>> Known = [];

    /// <param name="client">The client of the worker.</param>
    /// <param name="path">One of the gateway's own paths, of which there are few; never a client's.</param>
    /// <param name="query">The client's query, or none.</param>
    public static Uri Of(HttpEngineClient client, string path, QueryString query)
    {
        var paths = Known.GetValue(client, static _ => new ConcurrentDictionary<string, Uri>(StringComparer.Ordinal));
        if (!paths.TryGetValue(path, out var address))
            address = paths.GetOrAdd(path, new Uri(client.Address, path[1..]));
        return query.HasValue ? new Uri(address, query.Value) : address;
    }
}
