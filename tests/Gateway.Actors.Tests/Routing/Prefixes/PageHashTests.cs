using CsCheck;
using Gateway.Actors.Routing.Prefixes;

namespace Gateway.Actors.Tests.Routing.Prefixes;

public sealed class PageHashTests
{
    [Fact]
    public void A_changed_byte_changes_the_keys_from_its_page_on_and_none_before() =>
        Gen.Select(Gen.Byte.Array[1, 40_000], Gen.Int[0, int.MaxValue], Gen.Byte[1, 255]).Sample((prompt, where, change) =>
        {
            var at = where % prompt.Length;
            var before = Keys(prompt, 1);
            prompt[at] ^= change;
            var after = Keys(prompt, 1);
            var page = PageGrid.PagesIn(at);
            for (var i = 0; i < before.Length; i++)
                Assert.Equal(i < page, before[i] == after[i]);
        });

    [Fact]
    public void Another_salt_makes_other_keys() =>
        Assert.Empty(Keys(new byte[8192], 1).Intersect(Keys(new byte[8192], 2)));

    /// <summary>All zeros, all ones, one bit: what a weak hash would fold together.</summary>
    [Fact]
    public void The_keys_of_dull_pages_are_all_different()
    {
        var seen = new HashSet<ulong>();
        var prompt = new byte[1024];
        for (var bit = 0; bit < prompt.Length * 8; bit++)
        {
            prompt[bit / 8] ^= (byte)(1 << (bit % 8));
            foreach (var key in Keys(prompt, 5)[(bit / 8 / PageGrid.FirstPage)..])
                Assert.True(seen.Add(key));
            prompt[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (var value = 0; value < 256; value++)
        {
            prompt.AsSpan().Fill((byte)value);
            foreach (var key in Keys(prompt, 6))
                Assert.True(seen.Add(key));
        }
    }

    private static ulong[] Keys(byte[] prompt, ulong salt)
    {
        var keys = new ulong[PageGrid.PagesIn(prompt.Length)];
        Assert.Equal(keys.Length, PageHash.OfThisProcess.Keys(prompt, salt, keys));
        return keys;
    }
}
