using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Simulator.Engine;
using Gateway.Simulator.Hosting;

namespace Gateway.Simulator.Api;

/// <summary>One request and its answer, with the life of the worker that it came to.</summary>
internal sealed class Exchange
{
    // Before a reset, so that what was flushed has arrived: canned workers send in the background, and a reset drops what waits.
    private static readonly TimeSpan _beforeReset = TimeSpan.FromMilliseconds(20);

    public Exchange(WorkerLife life, HttpContext context)
    {
        Life = life;
        Context = context;
    }

    /// <summary>Escapes no more than JSON asks for, as the engines do.</summary>
    public static JsonWriterOptions JsonOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public WorkerLife Life { get; }

    public HttpContext Context { get; }

    public HttpRequest Request => Context.Request;

    public HttpResponse Response => Context.Response;

    public SimulatorOptions Options => Life.Options;

    public EngineGroup Engines => Life.Engines;

    /// <summary>Cancelled when the client has gone, or the worker has crashed.</summary>
    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>What will go wrong with the answer.</summary>
    public FaultRule? Fault { get; set; }

    public long UnixTime => Options.TimeProvider.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Reads the whole body as JSON.</summary>
    /// <exception cref="JsonException">It is not.</exception>
    public async Task<JsonDocument> ReadJsonAsync() => await JsonDocument.ParseAsync(Request.Body, default, Aborted);

    public async Task WriteJsonAsync(int status, Action<Utf8JsonWriter> write)
    {
        Response.StatusCode = status;
        Response.ContentType = "application/json";
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, JsonOptions))
            write(json);
        Response.ContentLength = body.WrittenCount;
        await Response.BodyWriter.WriteAsync(body.WrittenMemory, Aborted);
    }

    public async Task WriteTextAsync(int status, string text, string contentType = "text/plain; charset=utf-8")
    {
        Response.StatusCode = status;
        Response.ContentType = contentType;
        await Response.WriteAsync(text, Aborted);
    }

    public Task WriteErrorAsync(ApiException error) => WriteJsonAsync(error.Status, error.WriteTo);

    /// <summary>Does what a cutting or stalling fault does, instead of going on with the answer.</summary>
    /// <exception cref="StreamFaultException">Always, for the connection to be reset, unless the client leaves before.</exception>
    public async Task BreakAsync(FaultKind kind)
    {
        if (kind == FaultKind.Stall)
            await Task.Delay(Timeout.InfiniteTimeSpan, Aborted);
        throw new StreamFaultException(kind);
    }

    /// <summary>Breaks, if a fault says so, where an answer that is not streamed would be written.</summary>
    public Task BreakIfFaultyAsync() => Fault is { Kind: FaultKind.Cut or FaultKind.Stall } fault ? BreakAsync(fault.Kind) : Task.CompletedTask;

    /// <summary>Resets the connection, after what was written.</summary>
    public async Task ResetAsync()
    {
        if (Response.HasStarted)
            await Task.Delay(_beforeReset, CancellationToken.None);
        Context.Abort();
    }
}
