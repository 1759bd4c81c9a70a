using System.Text;
using Gateway.Text.Tokenizers;

namespace Gateway.Text.Tests.Tokenizers;

public sealed class TokenizerTests
{
    private static readonly Tokenizer ByteLevel = SmallTokenizers.Create(SmallTokenizers.ByteLevel);

    [Fact]
    public void An_unpaired_surrogate_counts_as_the_replacement_character()
    {
        foreach (var text in (string[])["a\uD83D", "\uDE00b", "\uDE00\uD83D", "x\uD83D\uD83D\uDE00y", "\uD83D<|end|>"])
        {
            var repaired = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            Assert.NotEqual(text, repaired);
            Assert.Equal(ByteLevel.Encode(repaired), ByteLevel.Encode(text));
            Assert.Equal(repaired, ByteLevel.Decode(ByteLevel.Encode(text), skipSpecialTokens: false));
        }
    }

    [Fact]
    public void A_token_and_its_id_find_each_other()
    {
        var id = ByteLevel.IdOf("Ġhe");
        Assert.NotNull(id);
        Assert.Equal("Ġhe", ByteLevel.TokenOf(id.Value));
        Assert.Null(ByteLevel.IdOf("no such token"));
        Assert.Null(ByteLevel.TokenOf(ByteLevel.IdLimit));
        Assert.Null(ByteLevel.TokenOf(-1));
        Assert.True(ByteLevel.IsSpecial(ByteLevel.IdOf("<|end|>")!.Value));
        Assert.False(ByteLevel.IsSpecial(ByteLevel.IdOf("<tool中>")!.Value));
    }

    [Fact]
    public void A_long_text_can_be_given_up()
    {
        using var cancellation = new CancellationTokenSource();
        using var ids = new TokenBuffer();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => ByteLevel.Encode("text", addSpecialTokens: false, ids, cache: null, cancellation.Token));
    }

    [Fact]
    public void Threads_share_a_tokenizer()
    {
        var texts = Enumerable.Range(0, 64).Select(static index => string.Concat(Enumerable.Repeat($"hello {index} é中 ", index))).ToArray();
        var expected = texts.Select(static text => SmallTokenizers.Create(SmallTokenizers.ByteLevel).Encode(text)).ToArray();
        Parallel.For(0, 1000, index => Assert.Equal(expected[index % texts.Length], ByteLevel.Encode(texts[index % texts.Length])));
    }

    [Fact]
    public void A_text_whose_words_were_seen_before_is_encoded_without_allocating()
    {
        using var ids = new TokenBuffer();
        const string Text = "hello hello he llo <|end|> hello";
        ByteLevel.Encode(Text, addSpecialTokens: true, ids);
        ids.Clear();
        ByteLevel.Encode(Text, addSpecialTokens: true, ids);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var time = 0; time < 100; time++)
        {
            ids.Clear();
            ByteLevel.Encode(Text, addSpecialTokens: true, ids);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("[]", "not an object")]
    [InlineData("{", "not valid JSON")]
    [InlineData("{}", "no model")]
    [InlineData("""{"model":{"type":"Magic","vocab":{}}}""", "Magic")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}}""", "Merge 0")]
    [InlineData("""{"model":{"type":"BPE","vocab":{"a":"0"},"merges":[]}}""", "id is not a number")]
    [InlineData("""{"model":{"type":"BPE","dropout":0.1,"vocab":{},"merges":[]}}""", "dropout")]
    [InlineData("""{"pre_tokenizer":{"type":"UnicodeScripts"},"model":{"type":"BPE","vocab":{},"merges":[]}}""", "UnicodeScripts")]
    [InlineData("""{"pre_tokenizer":{"type":"Split","pattern":{"Regex":"\\R"},"behavior":"Isolated"},"model":{"type":"BPE","vocab":{},"merges":[]}}""", "\\R")]
    [InlineData("""{"normalizer":{"type":"Precompiled","precompiled_charsmap":"AAAA"},"model":{"type":"BPE","vocab":{},"merges":[]}}""", "cut off")]
    public void What_is_broken_or_not_supported_is_refused_when_loading(string json, string reason)
    {
        var error = Assert.Throws<TokenizerFormatException>(() => TokenizerLoader.ReadJson(Encoding.UTF8.GetBytes(json)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
