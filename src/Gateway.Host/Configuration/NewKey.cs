using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gateway.Host.Admission;

namespace Gateway.Host.Configuration;

/// <summary>What <c>gateway keys new</c> prints: a key for its user, and its hash for the configuration.</summary>
internal static class NewKey
{
    /// <summary>256 bits: nobody guesses them, however fast the hash is.</summary>
    private const int RandomBytes = 32;

    /// <summary>By which scanners of repositories can tell that it is a key.</summary>
    private const string Beginning = "mg-";

    public static string Text()
    {
        var key = Beginning + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        return $"key:  {key}\nhash: {StoredKey.Prefix}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}\n";
    }
}
