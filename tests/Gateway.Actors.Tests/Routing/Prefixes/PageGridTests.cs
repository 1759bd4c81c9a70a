using CsCheck;
using Gateway.Actors.Routing.Prefixes;

namespace Gateway.Actors.Tests.Routing.Prefixes;

public sealed class PageGridTests
{
    [Fact]
    public void Pages_and_bytes_are_each_other_s_inverse() =>
        Gen.Int[0, PageGrid.PagesIn(1 << 30) - 1].Sample(pages =>
        {
            var bytes = PageGrid.BytesIn(pages);
            Assert.Equal(pages, PageGrid.PagesIn(bytes));
            Assert.Equal(pages, PageGrid.PagesIn(PageGrid.BytesIn(pages + 1) - 1));
        });

    [Fact]
    public void A_page_is_a_multiple_of_64_bytes_and_at_most_a_16th_of_what_lies_before_it()
    {
        for (var page = 0; page < PageGrid.PagesIn(1 << 30); page++)
        {
            var start = PageGrid.BytesIn(page);
            var length = PageGrid.BytesIn(page + 1) - start;
            Assert.Equal(0, length % 64);
            Assert.InRange(length, PageGrid.FirstPage, Math.Max(PageGrid.FirstPage, start / 16));
        }
    }

    [Theory]
    [InlineData(127, 0)]
    [InlineData(4 << 10, 32)]
    [InlineData(16 << 10, 64)]
    [InlineData(64 << 10, 96)]
    [InlineData(256 << 10, 128)]
    [InlineData(4 << 20, 192)]
    public void Long_prompts_have_few_pages(int bytes, int pages) => Assert.Equal(pages, PageGrid.PagesIn(bytes));
}
