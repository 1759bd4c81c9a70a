using System.Numerics;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// Where prompts are cut into pages: every 128 bytes up to 16 KiB, and then 64 pages for each doubling, so that a page is never
/// longer than 1/64 of what lies before it. What matters of an overlap is its share of the prompt; so a prompt of 256 KiB has 384 pages
/// and not 2,048, and no overlap is known less exactly than to 1.6 %. The cuts are the same for all prompts, else they would not meet.
/// </summary>
internal static class PageGrid
{
    /// <summary>Bytes of the shortest page, about 32 tokens. What is shorter than that is not worth remembering.</summary>
    public const int FirstPage = 128;

    private const int EvenBits = 14;
    private const int PagesOfEven = (1 << EvenBits) / FirstPage;
    private const int PagesPerDoublingBits = 6;

    /// <summary>Number of whole pages in so many bytes, at most 1 GiB.</summary>
    public static int PagesIn(int bytes)
    {
        if (bytes < 1 << EvenBits)
            return bytes / FirstPage;
        var bits = BitOperations.Log2((uint)bytes);
        return PagesOfEven + ((bits - EvenBits) << PagesPerDoublingBits) + ((bytes - (1 << bits)) >> (bits - PagesPerDoublingBits));
    }

    /// <summary>Bytes in so many pages: the inverse of <see cref="PagesIn"/>.</summary>
    public static int BytesIn(int pages)
    {
        if (pages <= PagesOfEven)
            return pages * FirstPage;
        var beyond = pages - PagesOfEven;
        var bits = EvenBits + (beyond >> PagesPerDoublingBits);
        return (1 << bits) + ((beyond & ((1 << PagesPerDoublingBits) - 1)) << (bits - PagesPerDoublingBits));
    }
}
