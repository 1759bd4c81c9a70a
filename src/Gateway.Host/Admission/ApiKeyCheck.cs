using System.Buffers;
using System.Text;
using Gateway.Host.Api;

namespace Gateway.Host.Admission;

/// <summary>Whose key a request carries, as a bearer token or in <c>x-api-key</c>.</summary>
internal sealed class ApiKeyCheck(TenantDirectory tenants)
{
    private const string Scheme = "Bearer ";
    private const int LongestOnStack = 256;

    /// <summary>True if clients need a key; the headers that carry it are then for the gateway, not for the engine.</summary>
    public bool IsRequired => tenants.HasKeys;

    /// <returns>Null if the request may use what is for applications.</returns>
    public GatewayError? Refusal(HttpRequest request) => TenantOf(request, out var refusal) is null ? refusal : null;

    /// <param name="request">The client's.</param>
    /// <param name="refusal">Why it is nobody's.</param>
    /// <returns>Whose it is; null if it is refused.</returns>
    public Tenant? TenantOf(HttpRequest request, out GatewayError? refusal)
    {
        var holder = IsRequired ? HolderOf(request) : null;
        refusal = !IsRequired || holder is { MayGenerate: true } ? null
            : holder is null ? GatewayError.WrongApiKey
            : GatewayError.RoleOfKey;
        return refusal is not null ? null : holder?.Tenant ?? tenants.Default;
    }

    /// <returns>Null if it carries no key that is known.</returns>
    public KeyHolder? HolderOf(HttpRequest request)
    {
        var authorization = request.Headers.Authorization.ToString().AsSpan();
        return (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? Find(authorization[Scheme.Length..].Trim()) : null)
            ?? Find(request.Headers["x-api-key"].ToString());
    }

    private KeyHolder? Find(ReadOnlySpan<char> candidate)
    {
        if (candidate.IsEmpty)
            return null;
        var size = Encoding.UTF8.GetMaxByteCount(candidate.Length);
        var rented = size > LongestOnStack ? ArrayPool<byte>.Shared.Rent(size) : null;
        var utf8 = rented ?? stackalloc byte[LongestOnStack];
        var holder = tenants.Find(utf8[..Encoding.UTF8.GetBytes(candidate, utf8)]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return holder;
    }
}
