using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// Names each page of a prompt by a 64-bit key that stands for all bytes up to its end: the key of the page before, mixed with the hash
/// of the page's own bytes.
/// </summary>
/// <remarks>
/// The seed and the secrets are drawn anew in each process, or follow from what the gateways of a cluster keep secret together, since prompts
/// come from clients: nobody knows two that collide. By chance, a page
/// that no worker has seen is taken for one that is in the table with a probability of entries / 2^64: with four million entries
/// and 192 pages, one prompt in 2 × 10^10, which then may go to a worker that has not got it.
/// </remarks>
internal sealed class PageHash
{
    private const int KeyBytes = sizeof(long) + (4 * sizeof(ulong));

    private readonly long _seed;
    private readonly ulong _first;
    private readonly ulong _second;
    private readonly ulong _third;
    private readonly ulong _fourth;

    private PageHash(ReadOnlySpan<byte> key)
    {
        _seed = BinaryPrimitives.ReadInt64LittleEndian(key);
        _first = WordOf(key, 1);
        _second = WordOf(key, 2);
        _third = WordOf(key, 3);
        _fourth = WordOf(key, 4);
    }

    /// <summary>Nobody else's.</summary>
    public static PageHash OfThisProcess { get; } = new(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>The same for all who know the secret, of whatever length.</summary>
    public static PageHash Shared(ReadOnlySpan<byte> secret)
    {
        Span<byte> key = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: [], info: "pages"u8);
        return new PageHash(key);
    }

    /// <summary>A start of a chain that nobody else has: pages of one index never meet those of another.</summary>
    public static ulong NewSalt() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Writes the keys of the whole pages of a prompt, as many as there is room for.</summary>
    /// <returns>How many.</returns>
    public int Keys(ReadOnlySpan<byte> prompt, ulong salt, Span<ulong> keys)
    {
        var pages = Math.Min(PageGrid.PagesIn(prompt.Length), keys.Length);
        var chain = salt;
        var start = 0;
        for (var page = 0; page < pages; page++)
        {
            var end = PageGrid.BytesIn(page + 1);
            chain = Chain(chain, XxHash3.HashToUInt64(prompt[start..end], _seed));
            keys[page] = chain;
            start = end;
        }

        return pages;
    }

    /// <summary>The key of a page after another. Two folds: the hashes of engines' blocks come through here as well, and may be anything.</summary>
    public ulong Chain(ulong before, ulong hash) =>
        Fold(Fold(before ^ _fourth, hash ^ _first) ^ _second, before ^ _third);

    private static ulong WordOf(ReadOnlySpan<byte> key, int index) => BinaryPrimitives.ReadUInt64LittleEndian(key[(index * sizeof(ulong))..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}
