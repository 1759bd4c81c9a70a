using System.Text;
using CsCheck;
using Gateway.Host.Admission;

namespace Gateway.Host.Tests.Admission;

public sealed class UsageTailTests
{
    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"hi"}}],"usage":{"prompt_tokens":12,"completion_tokens":30,"total_tokens":42}}""", 42)]
    [InlineData("""{"usage": { "prompt_tokens" : 12, "total_tokens" : 42, "prompt_tokens_details": {"cached_tokens": 8}}, "metadata": {"weight_version": "default"}}""", 42)]
    [InlineData("""{"text":"hi","meta_info":{"id":"1","prompt_tokens":12,"completion_tokens":30,"cached_tokens":0}}""", 42)]
    [InlineData("""{"data":[],"usage":{"prompt_tokens":42}}""", 42)]
    [InlineData("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"total_tokens\":42,\"completion_tokens\":30}}\n\ndata: [DONE]\n\n", 42)]
    [InlineData("data: {\"usage\":{\"total_tokens\":41}}\n\ndata: {\"usage\":{\"total_tokens\":42}}\n\ndata: [DONE]\n\n", 42)]
    [InlineData("""{"choices":[{"message":{"content":"\"usage\":{\"total_tokens\":7}"}}],"usage":{"total_tokens":42}}""", 42)]
    public void The_engines_count_is_found(string answer, long total)
    {
        Assert.True(TryRead(answer, out var found));
        Assert.Equal(total, found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"choices":[{"message":{"content":"\"usage\":{\"total_tokens\":7}"}}]}""")]
    [InlineData("""{"choices":[],"usage":null}""")]
    [InlineData("""{"usage":{"total_tokens":-7}}""")]
    [InlineData("""{"usage":{"total_tokens":99999999999}}""")]
    [InlineData("data: {\"choices\":[]}\n\ndata: [DONE]\n\n")]
    public void What_the_engine_has_not_counted_is_not_made_up(string answer) => Assert.False(TryRead(answer, out _));

    [Fact]
    public void The_window_is_the_end_of_the_answer_however_it_comes_in_pieces() =>
        Gen.Select(Gen.Int[0, 3000], Gen.Int[1, 2000].Array[1, 40]).Sample(static (padding, sizes) =>
        {
            var answer = $$$"""{"text":"{{{new string('x', padding)}}}","usage":{"total_tokens":42}}""";
            Assert.True(TryRead(answer, out var total, sizes));
            Assert.Equal(42, total);
        });

    private static bool TryRead(string answer, out long total, params int[] sizes)
    {
        using var tail = new UsageTail();
        var rest = Encoding.UTF8.GetBytes(answer).AsSpan();
        foreach (var size in sizes)
        {
            var piece = rest[..Math.Min(size, rest.Length)];
            tail.Append(piece);
            rest = rest[piece.Length..];
        }

        tail.Append(rest);
        return tail.TryRead(out total);
    }
}
