using System.Buffers;
using System.Text;

namespace Gateway.Text.Tokenizers.Decoders;

/// <summary>The end of UTF-8 that is still coming.</summary>
internal static class Utf8Tail
{
    /// <summary>Gets how many bytes can be decoded already: all but a character at the end that misses bytes.</summary>
    public static int Complete(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || bytes[^1] < 0x80)
            return bytes.Length;
        for (var tail = 1; tail <= 3 && tail <= bytes.Length; tail++)
        {
            var lead = bytes[^tail];
            if ((lead & 0xC0) == 0x80)
                continue;
            return Rune.DecodeFromUtf8(bytes[^tail..], out _, out _) == OperationStatus.NeedMoreData ? bytes.Length - tail : bytes.Length;
        }
        return bytes.Length;
    }
}
