using System.Buffers;
using System.Text;

namespace Gateway.Host.Admission;

/// <summary>Whose key a request carries, as a bearer token or in <c>x-api-key</c>.</summary>
internal sealed class ApiKeyCheck(TenantDirectory tenants)
{
    private const string Scheme = "Bearer ";
    private const int LongestOnStack = 256;

    /// <summary>True if clients need a key; the headers that carry it are then for the gateway, not for the engine.</summary>
    public bool IsRequired => tenants.HasKeys;

    public bool Admits(HttpRequest request) => TenantOf(request) is not null;

    /// <returns>Null if it carries no key that is known.</returns>
    public Tenant? TenantOf(HttpRequest request)
    {
        if (!IsRequired)
            return tenants.Default;
        var authorization = request.Headers.Authorization.ToString().AsSpan();
        return (authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? Find(authorization[Scheme.Length..].Trim()) : null)
            ?? Find(request.Headers["x-api-key"].ToString());
    }

    private Tenant? Find(ReadOnlySpan<char> candidate)
    {
        if (candidate.IsEmpty)
            return null;
        var size = Encoding.UTF8.GetMaxByteCount(candidate.Length);
        var rented = size > LongestOnStack ? ArrayPool<byte>.Shared.Rent(size) : null;
        var utf8 = rented ?? stackalloc byte[LongestOnStack];
        var tenant = tenants.Find(utf8[..Encoding.UTF8.GetBytes(candidate, utf8)]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        return tenant;
    }
}
