using System.Text;
using CsCheck;
using Gateway.Host.Serving;

namespace Gateway.Host.Tests.Serving;

public sealed class AnswerBufferTests
{
    private static readonly Gen<string> LineEnd = Gen.OneOf(Gen.Const("\n"), Gen.Const("\r\n"), Gen.Const("\r"));

    private static readonly Gen<string> Stream =
        Gen.Select(LineEnd, Gen.Int[0, 3000].Array[0, 8], Gen.Bool, static (end, lengths, isCut) =>
        {
            var events = string.Concat(lengths.Select(length => $"data: {new string('x', length)}{end}{end}"));
            return isCut ? $"{events}data: torn" : events;
        });

    [Fact]
    public void However_the_stream_is_cut_into_reads_only_whole_events_leave_and_nothing_is_lost() =>
        Gen.Select(Stream, Gen.Int[1, 700].Array[1, 10]).Sample((text, reads) =>
        {
            var bytes = Encoding.ASCII.GetBytes(text);
            var buffer = new AnswerBuffer(16, wholeEvents: true);
            var sent = new StringBuilder();
            for (int position = 0, i = 0; position < bytes.Length; i++)
            {
                var target = buffer.Next().Span;
                var read = Math.Min(Math.Min(reads[i % reads.Length], target.Length), bytes.Length - position);
                bytes.AsSpan(position, read).CopyTo(target);
                position += read;
                Assert.Equal(buffer.Take(read), buffer.Ready.Length);
                sent.Append(Encoding.ASCII.GetString(buffer.Ready));
                Assert.True(buffer.IsBetweenEvents);
                Assert.True(sent.Length == 0 || sent[^1] is '\n' or '\r');
                Assert.DoesNotContain("torn", sent.ToString(), StringComparison.Ordinal);
            }

            Assert.Equal(text, sent + Encoding.ASCII.GetString(buffer.Rest));
            Assert.True(buffer.Rest.IsEmpty || text.EndsWith("torn", StringComparison.Ordinal) || text.EndsWith('\r'));
            buffer.Dispose();
        });

    [Fact]
    public void An_event_longer_than_any_buffer_is_passed_on_in_pieces()
    {
        var buffer = new AnswerBuffer(4096, wholeEvents: true);
        var passed = 0L;
        for (var i = 0; i < 100; i++)
        {
            var target = buffer.Next().Span;
            target.Fill((byte)'x');
            passed += buffer.Take(target.Length);
        }

        Assert.True(passed > 0);
        Assert.False(buffer.IsBetweenEvents);
        "\n\n"u8.CopyTo(buffer.Next().Span);
        Assert.True(buffer.Take(2) >= 2);
        Assert.True(buffer.IsBetweenEvents);
        buffer.Dispose();
    }

    [Fact]
    public void A_body_that_is_no_stream_leaves_as_it_comes()
    {
        var buffer = new AnswerBuffer(64, wholeEvents: false);
        "{\"a\":"u8.CopyTo(buffer.Next().Span);
        Assert.Equal(5, buffer.Take(5));
        Assert.Equal("{\"a\":"u8, buffer.Ready);
        buffer.Dispose();
    }
}
