using System.Net;
using System.Text;
using Gateway.Host.Admission;
using Gateway.Host.Api.Admin.Tokens;
using Gateway.Host.Composition;
using Gateway.Host.Configuration;

namespace Gateway.Host.Api.Admin;

/// <summary>
/// Who may use the control plane. With keys or tokens: whoever sends one, as far as its role goes. Without: whoever connects from this
/// machine, unless the operator has opened it. A key is put into a header by whoever has it, so no web page can make a browser send it; where none
/// is needed, pages of strangers are refused.
/// </summary>
internal sealed class ControlPlaneGuard(SecurityOptions options, ApiKeyCheck keys, TokenCheck tokens)
{
    private const string Nobody = "nobody";

    /// <summary>A request that came through a proxy comes from wherever the proxy got it, although the proxy itself is local.</summary>
    private static readonly string[] ProxyHeaders = ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"];

    private readonly StoredKey? _key = options.ControlPlaneApiKey is { } written ? StoredKey.Of(written) : null;

    /// <param name="context">The request's.</param>
    /// <param name="needed">What its endpoint asks for.</param>
    public async ValueTask<Verdict> JudgeAsync(HttpContext context, KeyRole needed)
    {
        if (!options.ControlPlaneAsks)
        {
            return IsLocal(context) ? new Verdict("local", null)
                : !options.OpenControlPlane ? new Verdict(Nobody, Closed())
                : IsOfAStrangersPage(context.Request) ? new Verdict(Nobody, Strange())
                : new Verdict("open", null);
        }

        try
        {
            var (by, role) = await CallerAsync(context);
            return new Verdict(by, by == Nobody ? Unauthorized() : role < needed ? TooLow(role, needed) : null, role);
        }
        catch (IssuerUnreachableException)
        {
            return new Verdict(Nobody, IssuerUnreachable());
        }
    }

    private async ValueTask<(string By, KeyRole Role)> CallerAsync(HttpContext context)
    {
        if (_key is not null && HasKey(context.Request, _key))
            return ("control-plane-api-key", KeyRole.Admin);
        if (keys.HolderOf(context.Request) is { } holder)
            return ("key:" + holder.Name, holder.Role);
        return await tokens.HolderOfAsync(context) is { } token ? ("jwt:" + token.Subject, token.Role) : (Nobody, KeyRole.User);
    }

    private static bool HasKey(HttpRequest request, StoredKey key)
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

    /// <summary>
    /// A page of another site, open in the browser of somebody who can reach this gateway. Browsers say where a page is from in
    /// <c>Sec-Fetch-Site</c>, if the gateway is reached over TLS, and in <c>Origin</c>. By the host alone: a proxy may speak another scheme.
    /// A GET changes nothing, and browsers do not let the page see the answer.
    /// </summary>
    private bool IsOfAStrangersPage(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method))
            return false;
        var origin = request.Headers.Origin.ToString();
        if (options.CorsAllowedOrigins.Contains(origin) || options.CorsAllowedOrigins.Contains(CorsComposition.Anywhere))
            return false;
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
            return site is not ("same-origin" or "none");
        return origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority == request.Host.Value);
    }

    private static ControlPlaneException Unauthorized() => new(
        StatusCodes.Status401Unauthorized,
        ControlPlaneCode.Unauthorized,
        "the control plane needs a key that it knows, as a bearer token or in x-api-key, or a token of its issuer");

    private static ControlPlaneException TooLow(KeyRole role, KeyRole needed) => new(
        StatusCodes.Status403Forbidden,
        ControlPlaneCode.Forbidden,
        $"this needs the role {needed.ToString().ToLowerInvariant()}, and the key or token has the role {role.ToString().ToLowerInvariant()}");

    private static ControlPlaneException IssuerUnreachable() => new(
        StatusCodes.Status503ServiceUnavailable,
        ControlPlaneCode.Busy,
        "the issuer of tokens cannot be reached, so that nobody can say whether this one is good; keys work");

    private static ControlPlaneException Strange() => new(
        StatusCodes.Status403Forbidden,
        ControlPlaneCode.Forbidden,
        "the control plane has no key, and does not answer web pages of other sites; name theirs in --cors-allowed-origins, or set --control-plane-api-key");

    private static ControlPlaneException Closed() => new(
        StatusCodes.Status403Forbidden,
        ControlPlaneCode.Forbidden,
        "the control plane has no key and answers only to programs on its own machine, not through a proxy; set --control-plane-api-key, or --open-control-plane");
}
