using System.Text;
using CsCheck;
using Gateway.Host.Serving;

namespace Gateway.Host.Tests.Serving;

public class SseTailTests
{
    private static readonly Gen<string> Stream = Gen.OneOf(
        "data: {\"a\":1}\n\n", "data: [DONE]\n\n", "data:[DONE]\r\n\r\n", "data: [DONE]", "data: x", "\n", "\r\n", "\r", "\n\n", ": ping\n\n",
        "data: " + new string('x', 40), "[DONE]", " ", "event: e\ndata: \"[DONE]\"\n\n").Array[0, 8].Select(string.Concat);

    [Fact]
    public void However_the_stream_is_cut_into_pieces_the_tail_is_judged_as_the_whole_would_be() =>
        Gen.Select(Stream, Gen.Int[1, 40].Array[1, 10]).Sample(
            (text, cuts) =>
            {
                var bytes = Encoding.ASCII.GetBytes(text);
                var tail = default(SseTail);
                for (int position = 0, cut = 0; position < bytes.Length; cut++)
                {
                    var length = Math.Min(cuts[cut % cuts.Length], bytes.Length - position);
                    tail.Append(bytes.AsSpan(position, length));
                    position += length;
                }

                // The window holds 32 bytes; a run of line ends that fills it is beyond what it promises.
                var lineEnds = text.Length - text.TrimEnd('\r', '\n').Length;
                return lineEnds > 16
                    || tail.EndsWithDone == EndsWithDone(text);
            },
            iter: 50_000);

    [Theory]
    [InlineData("", false)]
    [InlineData("data: a\n\n", false)]
    [InlineData("data: a\n", false)]
    [InlineData("data: a", false)]
    [InlineData("data: [DONE]\n\n", true)]
    [InlineData("data: a\n\ndata: [DONE]\n\n", true)]
    [InlineData("data: a\r\n\r\ndata: [DONE]\r\n\r\n", true)]
    [InlineData("data: say [DONE]\n\n", false)]
    [InlineData("data: [DONE]\n\ndata: more\n\n", false)]
    public void It_knows_the_event_done_from_other_ends(string text, bool endsWithDone)
    {
        var tail = default(SseTail);
        tail.Append(Encoding.ASCII.GetBytes(text));
        Assert.Equal(endsWithDone, tail.EndsWithDone);
    }

    private static string[] Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');

    private static bool EndsWithDone(string text) =>
        Lines(text).LastOrDefault(line => line.Length > 0) is "data: [DONE]" or "data:[DONE]";
}
