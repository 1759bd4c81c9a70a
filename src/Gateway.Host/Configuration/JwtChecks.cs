using System.Net;
using Gateway.Host.Api.Admin.Tokens;

namespace Gateway.Host.Configuration;

/// <summary>Checks at the start that the settings of tokens go together; whether the issuer can be reached is no question of the start.</summary>
internal static class JwtChecks
{
    /// <summary>Options that say something of tokens, beside the issuer.</summary>
    private static readonly string[] OfNoUseAlone =
        ["jwt-audience", "jwt-jwks-uri", "jwt-jwks-file", "jwt-role-claim", "jwt-role-mapping", "jwt-clock-skew-secs", "jwt-algorithms"];

    /// <param name="jwt">Values that are each within their range.</param>
    /// <param name="isSet">True if the option of this name is not at its default.</param>
    /// <param name="refuse">Ends the start; is told the option's name and what is wrong.</param>
    public static void Check(JwtOptions jwt, Func<string, bool> isSet, Action<string, string> refuse)
    {
        if (!jwt.IsOn)
        {
            if (Array.Find(OfNoUseAlone, name => isSet(name)) is { } name)
                refuse(name, "is of no use without jwt-issuer");
            return;
        }

        if (jwt.Audience is null)
            refuse("jwt-issuer", "needs jwt-audience: otherwise tokens for other services of the issuer would open the gateway");
        if (jwt is { KeysUri: not null, KeysFile: not null })
            refuse("jwt-jwks-file", "cannot be given together with jwt-jwks-uri");
        if (jwt.Algorithms.IsEmpty)
            refuse("jwt-algorithms", "must name one");
        if (jwt.KeysUri is { } uri && !IsSafe(uri))
            refuse("jwt-jwks-uri", $"'{uri}' is not a URL that begins with https://, or with http:// on this machine");
        if (jwt is { KeysUri: null, KeysFile: null } && !IsSafe(jwt.Issuer!))
            refuse("jwt-issuer", $"'{jwt.Issuer}' is not a URL that begins with https://, or with http:// on this machine");
        if (jwt.KeysFile is { } path && BadFile(path) is { } wrong)
            refuse("jwt-jwks-file", $"'{path}' {wrong}");
    }

    /// <summary>Whoever can change the keys on their way can make tokens.</summary>
    public static bool IsSafe(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps
            || (uri.Scheme == Uri.UriSchemeHttp && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))));

    private static string? BadFile(string path)
    {
        try
        {
            SigningKeys.Parse(File.ReadAllText(path));
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "cannot be read";
        }
        catch (FormatException failure)
        {
            return failure.Message;
        }
    }
}
