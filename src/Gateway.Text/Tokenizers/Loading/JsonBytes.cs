using System.Text.Json;

namespace Gateway.Text.Tokenizers.Loading;

/// <summary>Reads strings as UTF-8.</summary>
internal static class JsonBytes
{
    /// <summary>Gets the bytes of the string at the reader; a slice of the JSON if nothing in it is escaped.</summary>
    public static ReadOnlySpan<byte> Of(ref Utf8JsonReader reader, ref byte[] buffer)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        if (buffer.Length < reader.ValueSpan.Length)
            buffer = new byte[reader.ValueSpan.Length];
        return buffer.AsSpan(0, reader.CopyString(buffer));
    }
}
