using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Host.Dashboard.Watching;

/// <summary>Writes server-sent events with JSON in them. One watcher's; not for two threads at once.</summary>
internal sealed class EventStream(HttpContext context) : IAsyncDisposable
{
    /// <summary>A watcher that takes nothing for so long is let go: its page will come again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Utf8JsonWriter _json = new(context.Response.BodyWriter, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public void Begin()
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        // For proxies that collect answers.
        context.Response.Headers["X-Accel-Buffering"] = "no";
    }

    /// <summary>Writes an event; it is sent with the next <see cref="FlushAsync"/>.</summary>
    /// <param name="name">Its type.</param>
    /// <param name="write">Writes the fields of its object.</param>
    public void Write(ReadOnlySpan<byte> name, Action<Utf8JsonWriter> write)
    {
        var body = context.Response.BodyWriter;
        body.Write("event: "u8);
        body.Write(name);
        body.Write("\ndata: "u8);
        _json.Reset();
        _json.WriteStartObject();
        write(_json);
        _json.WriteEndObject();
        _json.Flush();
        body.Write("\n\n"u8);
    }

    /// <summary>Completes when the watcher has room for more.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        var flush = context.Response.BodyWriter.FlushAsync(cancellation);
        if (flush.IsCompletedSuccessfully)
            return;
        try
        {
            await flush.AsTask().WaitAsync(Patience, cancellation);
        }
        catch (TimeoutException)
        {
            context.Abort();
            throw new OperationCanceledException("The watcher takes nothing.");
        }
    }

    public ValueTask DisposeAsync() => _json.DisposeAsync();
}
