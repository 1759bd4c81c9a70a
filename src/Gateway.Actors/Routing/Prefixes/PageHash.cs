using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// Names each page of a prompt by a 64-bit key that stands for all bytes up to its end: the key of the page before, mixed with the hash
/// of the page's own bytes. Multiply-and-fold over 16-byte words in four independent lanes, as in the wyhash family.
/// </summary>
/// <remarks>
/// The secrets are drawn anew in each process, since prompts come from clients: nobody can craft two that collide. By chance, a page
/// that no worker has seen is taken for one that is in the table with a probability of entries / 2^64: with four million entries
/// and 640 pages, one prompt in 7 × 10^9, which then may go to a worker that has not got it.
/// </remarks>
internal static class PageHash
{
    private const int Stripe = 64;
    private static readonly ulong[] Secrets = MemoryMarshal.Cast<byte, ulong>(RandomNumberGenerator.GetBytes(9 * sizeof(ulong))).ToArray();

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
            chain = Chain(chain, OfPage(prompt[start..end]));
            keys[page] = chain;
            start = end;
        }

        return pages;
    }

    /// <summary>The key of a page after another. Two folds: the hashes of engines' blocks come through here as well, and may be anything.</summary>
    public static ulong Chain(ulong before, ulong hash) =>
        Fold(Fold(before ^ Secrets[8], hash ^ Secrets[0]) ^ Secrets[1], before ^ Secrets[2]);

    /// <param name="page">A multiple of 64 bytes.</param>
    private static ulong OfPage(ReadOnlySpan<byte> page)
    {
        var secrets = Secrets;
        ulong s0 = secrets[0], s1 = secrets[1], s2 = secrets[2], s3 = secrets[3], s4 = secrets[4], s5 = secrets[5], s6 = secrets[6], s7 = secrets[7];
        ulong a = s1, b = s3, c = s5, d = s7;
        ref var first = ref MemoryMarshal.GetReference(page);
        for (var offset = 0; offset < page.Length; offset += Stripe)
        {
            ref var stripe = ref Unsafe.Add(ref first, offset);
            a = Fold(a ^ Word(ref stripe, 0), s0 ^ Word(ref stripe, 8));
            b = Fold(b ^ Word(ref stripe, 16), s2 ^ Word(ref stripe, 24));
            c = Fold(c ^ Word(ref stripe, 32), s4 ^ Word(ref stripe, 40));
            d = Fold(d ^ Word(ref stripe, 48), s6 ^ Word(ref stripe, 56));
        }

        return Fold(a ^ s4, b ^ s6) ^ Fold(c ^ s0, d ^ s2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ref byte stripe, int offset) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref stripe, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return high ^ low;
    }
}
