using System.Text.Json;
using System.Text.Unicode;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>
/// A request's JSON whose strings can all be read. JSON lets <c>\ud83d</c> stand without its other half, and clients that cut texts send it;
/// .NET throws when such a string is read. It becomes U+FFFD here, as in every decoder.
/// </summary>
internal static class RequestJson
{
    private const int EscapeLength = 6;

    /// <param name="body">The request's, as it came.</param>
    /// <param name="parsed">What the document refers to: the body, or a copy of it that was mended.</param>
    /// <exception cref="JsonException">It is not JSON, or not UTF-8.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body, out ReadOnlyMemory<byte> parsed)
    {
        if (!Utf8.IsValid(body.Span))
            throw new JsonException("The JSON is not UTF-8.");
        var lone = FindLone(body.Span, from: 0);
        parsed = lone < 0 ? body : Mend(body.ToArray(), lone);
        return JsonDocument.Parse(parsed);
    }

    private static byte[] Mend(byte[] json, int lone)
    {
        for (; lone >= 0; lone = FindLone(json, lone + EscapeLength))
            "\\uFFFD"u8.CopyTo(json.AsSpan(lone));
        return json;
    }

    /// <returns>Where the next escape of half a character stands; -1 if there is none.</returns>
    private static int FindLone(ReadOnlySpan<byte> json, int from)
    {
        while (from < json.Length && json[from..].IndexOf((byte)'\\') is >= 0 and var next)
        {
            from += next;
            var unit = UnitAt(json, from);
            if (unit is null)
                from += 2;
            else if (!char.IsSurrogate(unit.Value))
                from += EscapeLength;
            else if (char.IsHighSurrogate(unit.Value) && UnitAt(json, from + EscapeLength) is { } low && char.IsLowSurrogate(low))
                from += 2 * EscapeLength;
            else
                return from;
        }

        return -1;
    }

    /// <returns>Null if no escape in hexadecimal stands there.</returns>
    private static char? UnitAt(ReadOnlySpan<byte> json, int at)
    {
        if (json.Length - at < EscapeLength || json[at] != '\\' || json[at + 1] != 'u')
            return null;
        var unit = 0;
        for (var i = at + 2; i < at + EscapeLength; i++)
        {
            if (!char.IsAsciiHexDigit((char)json[i]))
                return null;
            unit = (unit << 4) | (json[i] <= '9' ? json[i] - '0' : (json[i] | 0x20) - 'a' + 10);
        }

        return (char)unit;
    }
}
