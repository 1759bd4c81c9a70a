using System.Net;
using System.Text;
using Gateway.Actors.Workers;
using Gateway.Host.Configuration;

namespace Gateway.Host.Api.Admin;

/// <summary>
/// Who may use the control plane. With a key: whoever sends it. Without: whoever connects from this machine, unless the operator
/// has opened it.
/// </summary>
internal sealed class ControlPlaneGuard(SecurityOptions options)
{
    /// <summary>A request that came through a proxy comes from wherever the proxy got it, although the proxy itself is local.</summary>
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    /// <returns>Null if the request may pass.</returns>
    public ControlPlaneException? Judge(HttpContext context)
    {
        if (options.ControlPlaneApiKey is { } key)
            return HasKey(context.Request, key) ? null : Unauthorized();
        return options.OpenControlPlane || IsLocal(context) ? null : Forbidden();
    }

    /// <summary>By what right a request that has passed came in, for the audit log.</summary>
    public string Right(HttpContext context) => options switch
    {
        { ControlPlaneApiKey: not null } => "control-plane-api-key",
        _ when IsLocal(context) => "local",
        _ => "open",
    };

    private static bool HasKey(HttpRequest request, Secret key)
    {
        const string Bearer = "Bearer ";
        var authorization = request.Headers.Authorization.ToString();
        var candidate = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..]
            : request.Headers["x-api-key"].ToString();
        return key.Matches(Encoding.UTF8.GetBytes(candidate));
    }

    private static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        && !ProxyHeaders.Any(context.Request.Headers.ContainsKey)
        && !ComesFromAnotherSite(context.Request);

    /// <summary>
    /// A web page of a stranger, open in a browser on this machine, can send requests here: to a name of its own that
    /// resolves to this machine, or with an origin that is not ours.
    /// </summary>
    private static bool ComesFromAnotherSite(HttpRequest request)
    {
        var host = request.Host.Host.Trim('[', ']');
        if (host != "localhost" && !(IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)))
            return true;
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && origin != $"{request.Scheme}://{request.Host}";
    }

    private static ControlPlaneException Unauthorized() => new(
        StatusCodes.Status401Unauthorized,
        ControlPlaneCode.Unauthorized,
        "the control plane needs its key, as a bearer token or in x-api-key");

    private static ControlPlaneException Forbidden() => new(
        StatusCodes.Status403Forbidden,
        ControlPlaneCode.Forbidden,
        "the control plane has no key and answers only to programs on its own machine, not through a proxy; set --control-plane-api-key, or --open-control-plane");
}
