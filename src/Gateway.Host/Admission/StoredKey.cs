using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Gateway.Actors.Workers;

namespace Gateway.Host.Admission;

/// <summary>
/// A key as the gateway keeps it: its SHA-256, after a salt or without one. A slow hash, as for passwords, would buy nothing and cost
/// every request: it makes guessing dear, and a random key of 256 bits is not to be guessed.
/// </summary>
internal sealed class StoredKey : IEquatable<StoredKey>
{
    public const int DigestLength = SHA256.HashSizeInBytes;

    /// <summary>A written key that begins so is a hash.</summary>
    public const string Prefix = "sha256:";

    private const int LongestOnStack = 512;
    private readonly byte[] _salt;
    private readonly byte[] _digest;

    private StoredKey(byte[] salt, byte[] digest)
    {
        _salt = salt;
        _digest = digest;
    }

    /// <summary>Empty for a key without.</summary>
    public ReadOnlySpan<byte> Salt => _salt;

    public ReadOnlySpan<byte> Digest => _digest;

    /// <param name="written">The key itself, <c>sha256:HEX</c>, or <c>sha256:SALT:HEX</c>, the hash of the salt's text with the key behind it.</param>
    /// <exception cref="FormatException">It begins as a hash and is none. The message does not repeat it.</exception>
    public static StoredKey Of(Secret written)
    {
        var text = written.Reveal();
        if (!IsHash(written))
            return new StoredKey([], SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        return text.Split(':') switch
        {
            [_, { Length: 2 * DigestLength } hex] when hex.All(char.IsAsciiHexDigit) => new StoredKey([], Convert.FromHexString(hex)),
            [_, { Length: > 0 } salt, { Length: 2 * DigestLength } hex] when hex.All(char.IsAsciiHexDigit) =>
                new StoredKey(Encoding.UTF8.GetBytes(salt), Convert.FromHexString(hex)),
            _ => throw new FormatException($"a hash is written {Prefix}HEX or {Prefix}SALT:HEX, with {2 * DigestLength} hexadecimal digits"),
        };
    }

    public static bool IsHash(Secret written) => written.Reveal().StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Puts the hash of a key after a salt into <paramref name="digest"/>, which has <see cref="DigestLength"/> bytes.</summary>
    public static void Hash(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> key, Span<byte> digest)
    {
        if (salt.IsEmpty)
        {
            SHA256.HashData(key, digest);
            return;
        }

        var length = salt.Length + key.Length;
        var rented = length > LongestOnStack ? ArrayPool<byte>.Shared.Rent(length) : null;
        var text = rented ?? stackalloc byte[LongestOnStack];
        salt.CopyTo(text);
        key.CopyTo(text[salt.Length..]);
        SHA256.HashData(text[..length], digest);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
    }

    public bool Matches(ReadOnlySpan<byte> key)
    {
        Span<byte> digest = stackalloc byte[DigestLength];
        Hash(_salt, key, digest);
        return HasDigest(digest);
    }

    /// <summary>Compares in constant time.</summary>
    public bool HasDigest(ReadOnlySpan<byte> digest) => CryptographicOperations.FixedTimeEquals(_digest, digest);

    public bool Equals(StoredKey? other) => other is not null && HasDigest(other._digest) && _salt.AsSpan().SequenceEqual(other._salt);

    public override bool Equals(object? obj) => Equals(obj as StoredKey);

    public override int GetHashCode() => BitConverter.ToInt32(_digest);

    public override string ToString() => "***";
}
