using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Host.Api;

/// <summary>Answers with a JSON text that the gateway writes itself.</summary>
internal static class JsonAnswer
{
    // The answer is JSON, never HTML: quotes and non-ASCII letters may stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write) => WriteAsync(context, status, Format(write));

    public static async Task WriteAsync(HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, CancellationToken.None);
    }

    public static ReadOnlyMemory<byte> Format(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Readable))
            write(json);
        return buffer.WrittenMemory;
    }
}
