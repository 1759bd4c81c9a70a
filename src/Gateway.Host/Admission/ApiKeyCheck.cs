using System.Buffers;
using System.Text;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Admission;

/// <summary>Whether a request carries the clients' key, as a bearer token or in <c>x-api-key</c>.</summary>
internal sealed class ApiKeyCheck(GatewayOptions options)
{
    private const string Scheme = "Bearer ";
    private const int LongestOnStack = 256;
    private readonly Secret? _key = options.Security.ApiKey;

    /// <summary>True if clients need a key; the headers that carry it are then for the gateway, not for the engine.</summary>
    public bool IsRequired => _key is not null;

    public bool Admits(HttpRequest request)
    {
        if (_key is null)
            return true;
        var authorization = request.Headers.Authorization.ToString().AsSpan();
        if (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && Matches(_key, authorization[Scheme.Length..].Trim()))
            return true;
        return Matches(_key, request.Headers["x-api-key"].ToString());
    }

    private static bool Matches(Secret key, ReadOnlySpan<char> candidate)
    {
        var size = Encoding.UTF8.GetMaxByteCount(candidate.Length);
        var rented = size > LongestOnStack ? ArrayPool<byte>.Shared.Rent(size) : null;
        var utf8 = rented ?? stackalloc byte[LongestOnStack];
        var matches = key.Matches(utf8[..Encoding.UTF8.GetBytes(candidate, utf8)]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return matches;
    }
}
