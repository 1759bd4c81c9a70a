using System.Runtime.CompilerServices;
using CsCheck;
using Gateway.Text.Tokenizers;

namespace Gateway.Text.Tests.Tokenizers;

public sealed class TokenizerCacheTests
{
    private const string System = "<|end|>You are a helpful assistant that answers briefly, and always in the language of the question.<|end|>";

    private static readonly Tokenizer ByteLevel = SmallTokenizers.Create(SmallTokenizers.ByteLevel);

    [Fact]
    public void With_a_cache_the_ids_are_the_same()
    {
        var tokenizers = SmallTokenizers.All.Select(SmallTokenizers.Create).ToArray();
        string[] parts = ["<|end|>", "<tool中>", "a", " ab", "é", "he llo ", new string('a', 70), System];
        var cache = new TokenizerCache(promptBytes: 20_000, segmentBytes: 20_000);
        Gen.Select(Gen.Int[0, parts.Length - 1].Array[0, 8], Gen.Int[0, tokenizers.Length - 1], Gen.Bool).Sample((chosen, index, framed) =>
        {
            var text = string.Concat(chosen.Select(part => parts[part]));
            using var ids = new TokenBuffer();
            tokenizers[index].Encode(text, framed, ids, cache);
            Assert.Equal(tokenizers[index].Encode(text, framed), ids.Ids.ToArray());
        }, iter: 3000);
        Assert.True(cache.Prompts.Hits > 0 && cache.Segments.Hits > 0);
    }

    [Fact]
    public void A_prompt_that_begins_like_another_finds_what_they_have_in_common()
    {
        var cache = new TokenizerCache(promptBytes: 1 << 20, segmentBytes: 1 << 20);
        using var ids = new TokenBuffer();
        ByteLevel.Encode(System + "first question", addSpecialTokens: false, ids, cache);
        Assert.Equal((0, 0), (cache.Prompts.Hits, cache.Segments.Hits));
        ByteLevel.Encode(System + "second question", addSpecialTokens: false, ids, cache);
        Assert.Equal((0, 1), (cache.Prompts.Hits, cache.Segments.Hits));
        ByteLevel.Encode(System + "second question", addSpecialTokens: false, ids, cache);
        Assert.Equal((1, 1), (cache.Prompts.Hits, cache.Segments.Hits));
    }

    [Fact]
    public void However_many_texts_come_the_caches_stay_within_their_bytes()
    {
        var cache = new TokenizerCache(promptBytes: 50_000, segmentBytes: 30_000);
        Parallel.For(0, 4000, index =>
        {
            using var ids = new TokenBuffer();
            ByteLevel.Encode($"{System}{index} {new string('x', 64 + (index % 300))}", addSpecialTokens: false, ids, cache);
        });
        Assert.InRange(cache.Prompts.Bytes, 1, 50_000);
        Assert.InRange(cache.Segments.Bytes, 1, 30_000);
        Assert.True(cache.Prompts.Entries > 0);
    }

    [Fact]
    public void What_is_used_stays_when_the_rest_goes()
    {
        var cache = new TokenizerCache(promptBytes: 0, segmentBytes: 30_000);
        using var ids = new TokenBuffer();
        for (var index = 0; index < 2000; index++)
        {
            ids.Clear();
            ByteLevel.Encode($"{System}{index} {new string('x', 80)}", addSpecialTokens: false, ids, cache);
        }
        Assert.Equal(1999, cache.Segments.Hits);
    }

    [Fact]
    public void A_giant_prompt_does_not_push_out_all_others()
    {
        var cache = new TokenizerCache(promptBytes: 100_000, segmentBytes: 0);
        using var ids = new TokenBuffer();
        ByteLevel.Encode(System, addSpecialTokens: false, ids, cache);
        ByteLevel.Encode(new string('a', 50_000), addSpecialTokens: false, ids, cache);
        Assert.Equal(1, cache.Prompts.Entries);
    }

    [Fact]
    public void What_may_take_no_bytes_keeps_nothing()
    {
        var cache = new TokenizerCache(promptBytes: 0, segmentBytes: 0);
        var tokenizer = SmallTokenizers.Create(SmallTokenizers.ByteLevel);

        tokenizer.Encode(new string('x', 100), addSpecialTokens: false, cache);

        Assert.Equal((default, default), (cache.Prompts, cache.Segments));
    }

    [Fact]
    public void Texts_that_are_kept_keep_no_tokenizer_alive()
    {
        var cache = new TokenizerCache(promptBytes: 1 << 20, segmentBytes: 1 << 20);
        var tokenizer = EncodeAndForget();

        GC.Collect();

        Assert.Equal(1, cache.Prompts.Entries);
        Assert.False(tokenizer.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        WeakReference EncodeAndForget()
        {
            var tokenizer = SmallTokenizers.Create(SmallTokenizers.ByteLevel);
            tokenizer.Encode(new string('x', 100), addSpecialTokens: false, cache);
            return new WeakReference(tokenizer);
        }
    }
}
