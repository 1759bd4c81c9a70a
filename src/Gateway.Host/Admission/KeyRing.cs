using System.Collections.Frozen;
using System.Security.Cryptography;
using Gateway.Actors.Workers;

namespace Gateway.Host.Admission;

/// <summary>
/// The keys that are known, and who has them; never changed, but replaced as a whole. A key is hashed, once without a salt and once for each
/// salt there is, and looked up by that hash under a secret that this ring has made up, so that the time it takes tells nothing of the
/// hashes; what is found is then compared in constant time.
/// </summary>
internal sealed class KeyRing
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(StoredKey.DigestLength);
    private readonly FrozenDictionary<long, Entry[]> _byPlace;
    private readonly byte[][] _salts;
    private readonly Entry? _only;

    public KeyRing(IReadOnlyCollection<(Secret Key, KeyHolder Holder)> keys)
    {
        Entry[] entries = [.. keys.Select(static pair => new Entry(StoredKey.Of(pair.Key), pair.Holder))];
        _only = entries.Length == 1 ? entries[0] : null;
        _salts = [.. entries.Select(static entry => entry.Key.Salt.ToArray()).DistinctBy(Convert.ToHexString)];
        _byPlace = entries.GroupBy(entry => PlaceOf(entry.Key.Digest)).ToFrozenDictionary(static group => group.Key, static group => group.ToArray());
    }

    /// <returns>Null if nobody has this key.</returns>
    public KeyHolder? Find(ReadOnlySpan<byte> key)
    {
        if (_only is { } only)
            return only.Key.Matches(key) ? only.Holder : null;
        Span<byte> digest = stackalloc byte[StoredKey.DigestLength];
        foreach (var salt in _salts)
        {
            StoredKey.Hash(salt, key, digest);
            if (!_byPlace.TryGetValue(PlaceOf(digest), out var entries))
                continue;
            foreach (var entry in entries)
            {
                if (entry.Key.HasDigest(digest) && entry.Key.Salt.SequenceEqual(salt))
                    return entry.Holder;
            }
        }

        return null;
    }

    private long PlaceOf(ReadOnlySpan<byte> digest)
    {
        Span<byte> text = stackalloc byte[2 * StoredKey.DigestLength];
        _secret.CopyTo(text);
        digest.CopyTo(text[StoredKey.DigestLength..]);
        Span<byte> place = stackalloc byte[StoredKey.DigestLength];
        SHA256.HashData(text, place);
        return BitConverter.ToInt64(place);
    }

    private sealed record Entry(StoredKey Key, KeyHolder Holder);
}
