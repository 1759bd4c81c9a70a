using System.Buffers.Text;
using Gateway.Host.Serving.Tokens.Answers;

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
        var usage = Find(tail);
        if (TryNumber(usage, "\"total_tokens\""u8, out total))
            return true;
        if (!TryNumber(usage, "\"prompt_tokens\""u8, out var prompt))
            return false;
        TryNumber(usage, "\"completion_tokens\""u8, out var completion);
        total = prompt + completion;
        return true;
    }

    /// <summary>The same in detail; what the engine does not tell of is 0.</summary>
    public static bool TryReadUsage(ReadOnlySpan<byte> tail, out Usage counts)
    {
        var usage = Find(tail);
        counts = default;
        if (!TryNumber(usage, "\"prompt_tokens\""u8, out var prompt))
            return false;
        TryNumber(usage, "\"completion_tokens\""u8, out var completion);
        TryNumber(usage, "\"cached_tokens\""u8, out var cached);
        TryNumber(usage, "\"reasoning_tokens\""u8, out var reasoning);
        counts = new Usage((int)prompt, (int)completion, (int)cached, (int)reasoning);
        return true;
    }

    /// <returns>Empty if it is not there.</returns>
    private static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> tail)
    {
        var start = tail.LastIndexOf("\"usage\""u8);
        if (start < 0)
            start = tail.LastIndexOf("\"meta_info\""u8);
        return start < 0 ? [] : tail[start..];
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
