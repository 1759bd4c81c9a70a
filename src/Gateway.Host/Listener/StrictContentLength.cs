using System.Text;
using Microsoft.Net.Http.Headers;

namespace Gateway.Host.Listener;

/// <summary>
/// Has Kestrel refuse a Content-Length that is not digits alone (RFC 9110, 8.6). By itself it reads <c>+13</c> as 13 and shows nothing but
/// the number; a proxy in front that passes such a request on may have read it in another way, and then the two disagree where it ends.
/// The only door to a header's bytes is the question in which encoding they are, so that the answer for this one is an encoding
/// in which all that is no digit is a letter.
/// </summary>
internal sealed class StrictContentLength : Encoding
{
    private static readonly StrictContentLength Instance = new();

    /// <summary>For <c>KestrelServerOptions.RequestHeaderEncodingSelector</c>; null for all other headers, which then are as they were.</summary>
    public static Encoding? Select(string header) => header == HeaderNames.ContentLength ? Instance : null;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        // More digits than there is place for are no length either.
        if (bytes.Length > chars.Length)
            bytes = "x"u8;
        for (var i = 0; i < bytes.Length; i++)
            chars[i] = char.IsAsciiDigit((char)bytes[i]) ? (char)bytes[i] : 'x';
        return bytes.Length;
    }

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetMaxCharCount(int byteCount) => byteCount;

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        throw new NotSupportedException("Lengths are only read.");

    public override int GetMaxByteCount(int charCount) => charCount;
}
