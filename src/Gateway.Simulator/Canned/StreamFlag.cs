using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Simulator.Canned;

/// <summary>Reads a request's body to its end, keeping of it only whether it asks for a stream.</summary>
internal static class StreamFlag
{
    // Longer than `"stream" : true` with any sane spacing, so that a flag across two reads is seen whole.
    private const int Overlap = 32;

    public static async ValueTask<bool> ReadAsync(PipeReader body, CancellationToken cancellation)
    {
        var found = false;
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            found = found || IsSetIn(read.Buffer);
            var keep = read.IsCompleted || found ? 0 : Math.Min(Overlap, read.Buffer.Length);
            body.AdvanceTo(read.Buffer.GetPosition(read.Buffer.Length - keep), read.Buffer.End);
            if (read.IsCompleted)
                return found;
        }
    }

    private static bool IsSetIn(ReadOnlySequence<byte> json)
    {
        // Quotes inside JSON strings are escaped, so these bytes can only be the name of a field.
        var reader = new SequenceReader<byte>(json);
        while (reader.TryReadTo(out ReadOnlySequence<byte> _, "\"stream\""u8))
        {
            reader.AdvancePastAny(" :\t\r\n"u8);
            if (reader.IsNext("true"u8))
                return true;
        }

        return false;
    }
}
