using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// Names each page of a prompt by a 64-bit key that stands for all bytes up to its end: the key of the page before, mixed with the hash
/// of the page's own bytes.
/// </summary>
/// <remarks>
/// The seed and the secrets are drawn anew in each process, since prompts come from clients: nobody knows two that collide. By chance, a page
/// that no worker has seen is taken for one that is in the table with a probability of entries / 2^64: with four million entries
/// and 192 pages, one prompt in 2 × 10^10, which then may go to a worker that has not got it.
/// </remarks>
internal static class PageHash
{
    private static readonly long s_seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
    private static readonly ulong[] Secrets = MemoryMarshal.Cast<byte, ulong>(RandomNumberGenerator.GetBytes(4 * sizeof(ulong))).ToArray();

    /// <summary>A start of a chain that nobody else has: pages of one index never meet those of another.</summary>
    public static ulong NewSalt() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <summary>Writes the keys of the whole pages of a prompt, as many as there is room for.</summary>
    /// <returns>How many.</returns>
    public static int Keys(ReadOnlySpan<byte> prompt, ulong salt, Span<ulong> keys)
    {
        var pages = Math.Min(PageGrid.PagesIn(prompt.Length), keys.Length);
        var chain = salt;
        var start = 0;
        for (var page = 0; page < pages; page++)
        {
            var end = PageGrid.BytesIn(page + 1);
            chain = Chain(chain, XxHash3.HashToUInt64(prompt[start..end], s_seed));
            keys[page] = chain;
            start = end;
        }

        return pages;
    }

    /// <summary>The key of a page after another. Two folds: the hashes of engines' blocks come through here as well, and may be anything.</summary>
    public static ulong Chain(ulong before, ulong hash) =>
        Fold(Fold(before ^ Secrets[3], hash ^ Secrets[0]) ^ Secrets[1], before ^ Secrets[2]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}
