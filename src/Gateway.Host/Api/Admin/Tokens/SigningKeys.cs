using Microsoft.IdentityModel.Tokens;

namespace Gateway.Host.Api.Admin.Tokens;

/// <summary>Reads an issuer's keys (JWKS, RFC 7517).</summary>
internal static class SigningKeys
{
    /// <returns>Those that sign, and of which one half is secret: whoever can check a shared secret can make tokens with it.</returns>
    /// <exception cref="FormatException">There is none, or it is no JWKS.</exception>
    public static IReadOnlyList<SecurityKey> Parse(string json)
    {
        JsonWebKeySet set;
        try
        {
            set = new JsonWebKeySet(json);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new FormatException("is not a JSON web key set");
        }

        SecurityKey[] keys = [.. set.GetSigningKeys().Where(static key => key is not SymmetricSecurityKey and not JsonWebKey { Kty: JsonWebAlgorithmsKeyTypes.Octet })];
        return keys.Length > 0 ? keys : throw new FormatException("has no RSA or EC key for signatures");
    }
}
