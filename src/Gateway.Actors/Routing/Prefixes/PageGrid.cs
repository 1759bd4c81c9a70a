using System.Numerics;

namespace Gateway.Actors.Routing.Prefixes;

/// <summary>
/// Where prompts are cut into pages: every 128 bytes up to 4 KiB, and then 16 pages for each doubling, so that a page is never
/// longer than 1/16 of what lies before it. What matters of an overlap is its share of the prompt; so a prompt of 256 KiB has 128 pages
/// and not 2,048, and no overlap is known less exactly than to 6 %. The cuts are the same for all prompts, else they would not meet.
/// </summary>
/// <remarks>
/// Each page of a new prompt costs a visit to a place in memory that no cache holds. With 64 pages for each doubling the routing bench finds
/// one point in a hundred more in the engines' caches on one trace, and the same on the others.
/// </remarks>
internal static class PageGrid
{
    /// <summary>Bytes of the shortest page, about 32 tokens. What is shorter than that is not worth remembering.</summary>
    public const int FirstPage = 128;

    private const int EvenBits = 12;
    private const int PagesOfEven = (1 << EvenBits) / FirstPage;
    private const int PagesPerDoublingBits = 4;

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
