using System.Runtime.InteropServices;
using System.Text.Json;

namespace Gateway.Host.Serving.Tokens.Requests;

/// <summary>Finds the bytes of a value again in the body that it was parsed from.</summary>
internal static class RawJson
{
    /// <param name="value">Of a document that was parsed from <paramref name="body"/>; null is nothing.</param>
    public static ReadOnlyMemory<byte> Of(JsonElement? value, ReadOnlyMemory<byte> body)
    {
        if (value is not { } element)
            return default;
        var raw = JsonMarshal.GetRawUtf8Value(element);
        return body.Span.Overlaps(raw, out var offset) ? body.Slice(offset, raw.Length) : raw.ToArray();
    }
}
