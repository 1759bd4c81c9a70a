using System.Buffers.Text;

namespace Gateway.Host.Admission;

/// <summary>
/// Finds an engine's count of tokens in the end of an answer: OpenAI's <c>usage</c>, or SGLang's <c>meta_info</c>. The text of an
/// answer cannot be taken for it, since quotes within it are escaped.
/// </summary>
internal static class UsageText
{
    public static bool TryRead(ReadOnlySpan<byte> tail, out long total)
    {
        total = 0;
        var start = tail.LastIndexOf("\"usage\""u8);
        if (start < 0)
            start = tail.LastIndexOf("\"meta_info\""u8);
        if (start < 0)
            return false;
        var usage = tail[start..];
        if (TryNumber(usage, "\"total_tokens\""u8, out total))
            return true;
        if (!TryNumber(usage, "\"prompt_tokens\""u8, out var prompt))
            return false;
        TryNumber(usage, "\"completion_tokens\""u8, out var completion);
        total = prompt + completion;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, out long number)
    {
        number = 0;
        var start = text.IndexOf(name);
        if (start < 0)
            return false;
        var value = text[(start + name.Length)..].TrimStart(" \t\r\n"u8);
        return value is [(byte)':', ..]
            && Utf8Parser.TryParse(value[1..].TrimStart(" \t\r\n"u8), out number, out _)
            // An engine that counts a billion tokens in one answer has miscounted.
            && number is >= 0 and <= 1_000_000_000;
    }
}
