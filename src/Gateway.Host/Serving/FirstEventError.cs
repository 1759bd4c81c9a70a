using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Gateway.Host.Serving;

/// <summary>
/// A stream whose first event is an error. Engines that send the head of a stream before they know whether they can serve it say it so.
/// As long as the client was sent nothing it can be said better, by a status; and others can be asked.
/// </summary>
internal static class FirstEventError
{
    /// <summary>Turns it into the answer that it would have been before the head.</summary>
    /// <param name="events">The beginning of a stream, with at least one whole event.</param>
    /// <param name="answer">The error's JSON under its own status; 500 if it names none.</param>
    public static bool TryRead(ReadOnlySpan<byte> events, [NotNullWhen(true)] out HttpResponseMessage? answer)
    {
        answer = null;
        // The quick look that is enough for nearly all streams: the errors of SGLang and vLLM, and of older versions of vLLM.
        if (!events.StartsWith("data: {\"error\""u8) && !events.StartsWith("data: {\"object\""u8))
            return false;
        var line = events["data: "u8.Length..];
        line = line[..line.IndexOfAny((byte)'\n', (byte)'\r')];
        if (!TryReadStatus(line, out var status))
            return false;
        answer = new HttpResponseMessage((HttpStatusCode)status) { Content = new ByteArrayContent(line.ToArray()) };
        answer.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return true;
    }

    private static bool TryReadStatus(ReadOnlySpan<byte> json, out int status)
    {
        status = StatusCodes.Status500InternalServerError;
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            reader.Read();
            var isNested = reader.ValueTextEquals("error"u8);
            reader.Read();
            if (isNested ? reader.TokenType == JsonTokenType.Null : reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals("error"u8))
                return false;
            if (!isNested || reader.TokenType == JsonTokenType.StartObject)
                status = ReadCode(ref reader) ?? status;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The object's <c>code</c>, if it is the status of an error.</summary>
    private static int? ReadCode(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCode = reader.ValueTextEquals("code"u8);
            reader.Read();
            if (isCode && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var code) && code is >= 400 and <= 599)
                return code;
            reader.Skip();
        }

        return null;
    }
}
