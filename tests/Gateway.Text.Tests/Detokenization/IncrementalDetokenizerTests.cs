using System.Text;
using CsCheck;
using Gateway.Text.Detokenization;
using Gateway.Text.Tests.Tokenizers;
using Gateway.Text.Tokenizers;

namespace Gateway.Text.Tests.Detokenization;

public sealed class IncrementalDetokenizerTests
{
    private static readonly Dictionary<string, Tokenizer> Tokenizers = SmallTokenizers.All.ToDictionary(static name => name, SmallTokenizers.Create);

    public static TheoryData<string> Families => [.. SmallTokenizers.All];

    [Theory]
    [MemberData(nameof(Families))]
    public void The_parts_together_are_the_text_of_all_tokens_however_they_are_cut(string family)
    {
        var tokenizer = Tokenizers[family];
        Gen.Select(Gen.Int[0, tokenizer.IdLimit].Array[0, 40], Gen.Int[1, 6].Array[1, 8], Gen.Bool).Sample((ids, cuts, skip) =>
            Assert.Equal(Expected(tokenizer, ids, skip), Run(tokenizer, ids, cuts, skip)));
    }

    [Fact]
    public void A_character_whose_bytes_span_tokens_comes_whole_with_its_last_byte()
    {
        var tokenizer = Tokenizers[SmallTokenizers.ByteLevel];
        using var detokenizer = new IncrementalDetokenizer(tokenizer, skipSpecialTokens: true);
        var parts = tokenizer.Encode("a😀b").Select(id => detokenizer.Push(id).ToString()).ToArray();
        Assert.Equal(["a", "", "", "", "😀", "b"], parts);
    }

    [Fact]
    public void A_character_that_never_gets_its_last_byte_is_replaced_at_the_end()
    {
        var tokenizer = Tokenizers[SmallTokenizers.ByteLevel];
        using var detokenizer = new IncrementalDetokenizer(tokenizer, skipSpecialTokens: true);
        var text = detokenizer.Push(tokenizer.Encode("a😀").AsSpan(0, 4)).ToString();
        Assert.Equal("a", text);
        Assert.Equal("\uFFFD", detokenizer.Finish().ToString());
    }

    [Fact]
    public void Good_characters_of_a_run_of_byte_tokens_do_not_wait_for_its_end_and_survive_a_bad_one()
    {
        var tokenizer = Tokenizers[SmallTokenizers.SentencePiece];
        int[] ids = [.. "<0xC3> <0xA9> <0xFF> <0xC3> a".Split(' ').Select(token => tokenizer.IdOf(token)!.Value)];
        using var detokenizer = new IncrementalDetokenizer(tokenizer, skipSpecialTokens: true);
        Assert.Equal(["", "é", "\uFFFD", "", "\uFFFDa"], ids.Select(id => detokenizer.Push(id).ToString()).ToArray());
    }

    [Fact]
    public void The_space_that_encoding_put_in_front_goes_once()
    {
        var tokenizer = Tokenizers[SmallTokenizers.SentencePiece];
        var word = tokenizer.IdOf("▁ab")!.Value;
        using var detokenizer = new IncrementalDetokenizer(tokenizer, skipSpecialTokens: true);
        Assert.Equal("ab", detokenizer.Push(word).ToString());
        Assert.Equal(" ab", detokenizer.Push(word).ToString());
    }

    [Fact]
    public void Special_tokens_are_left_out_or_kept_as_asked()
    {
        var tokenizer = Tokenizers[SmallTokenizers.ByteLevel];
        var ids = tokenizer.Encode("he<|end|><tool中>");
        Assert.Equal("he<tool中>", Run(tokenizer, ids, [1], skip: true));
        Assert.Equal("he<|end|><tool中>", Run(tokenizer, ids, [1], skip: false));
    }

    [Fact]
    public void A_token_allocates_nothing()
    {
        var tokenizer = Tokenizers[SmallTokenizers.ByteLevel];
        var ids = tokenizer.Encode("hello, hello: 😀 he<tool中>lo");
        using var detokenizer = new IncrementalDetokenizer(tokenizer, skipSpecialTokens: true);
        Repeat(200);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Repeat(1000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Repeat(int times)
        {
            for (var time = 0; time < times; time++)
            {
                foreach (var id in ids)
                    detokenizer.Push(id);
            }
        }
    }

    /// <summary>The whole text; but a bad byte of a run of byte tokens costs only itself, where the whole replaces each byte of the run.</summary>
    private static string Expected(Tokenizer tokenizer, int[] ids, bool skip)
    {
        if (tokenizer.IdOf("<0x00>") is not { } firstByte)
            return tokenizer.Decode(ids, skip);
        var text = new StringBuilder();
        var run = new List<byte>();
        foreach (var id in ids.Where(id => !skip || !tokenizer.IsSpecial(id)))
        {
            if (id >= firstByte && id < firstByte + 256)
            {
                run.Add((byte)(id - firstByte));
            }
            else if (tokenizer.TokenOf(id) is { } token)
            {
                text.Append(ByteByByte([.. run])).Append(token.Replace('▁', ' '));
                run.Clear();
            }
        }
        text.Append(ByteByByte([.. run]));
        return text is { Length: > 0 } && text[0] == ' ' ? text.ToString(1, text.Length - 1) : text.ToString();
    }

    private static string ByteByByte(byte[] run)
    {
        var text = new StringBuilder();
        while (run.Length > 0)
        {
            var good = Rune.DecodeFromUtf8(run, out var rune, out var consumed) == System.Buffers.OperationStatus.Done;
            text.Append(good ? rune.ToString() : new string('\uFFFD', consumed));
            run = run[consumed..];
        }
        return text.ToString();
    }

    private static string Run(Tokenizer tokenizer, int[] ids, int[] cuts, bool skip)
    {
        using var detokenizer = new IncrementalDetokenizer(tokenizer, skip);
        var text = new StringBuilder();
        for (var (from, cut) = (0, 0); from < ids.Length; cut++)
        {
            var length = Math.Min(cuts[cut % cuts.Length], ids.Length - from);
            text.Append(detokenizer.Push(ids.AsSpan(from, length)));
            from += length;
        }
        return text.Append(detokenizer.Finish()).ToString();
    }
}
