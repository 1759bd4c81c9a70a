using System.Collections.Concurrent;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Host.Tests.Observability;

/// <summary>Takes traces over gRPC as a collector does: OTLP's TraceService, of which it reads what the tests look at.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SeenSpan> _spans = new();

    private TraceCollector(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    public IReadOnlyCollection<SeenSpan> Spans => _spans;

    public static async Task<TraceCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        var collector = new TraceCollector(app);
        app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", collector.ExportAsync);
        await app.StartAsync();
        return collector;
    }

    /// <summary>Options of a gateway that traces to here.</summary>
    public GatewayOptions Traced(TraceOptions? traces = null) =>
        new() { Traces = (traces ?? new TraceOptions()) with { IsEnabled = true, Endpoint = Url } };

    /// <summary>The spans that have come, once so many have; a gateway sends them at the latest when it ends.</summary>
    public async Task<IReadOnlyList<SeenSpan>> TakeAsync(int count)
    {
        await Eventually.HoldsAsync(() => _spans.Count >= count, $"{count} spans have come");
        Assert.Equal(count, _spans.Count);
        return [.. _spans];
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ExportAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        // The message stands behind a byte for its compression and four for its length.
        foreach (var resource in Messages(body.ToArray()[5..], 1))
        {
            foreach (var scope in Messages(resource, 2))
            {
                foreach (var span in Messages(scope, 2))
                    _spans.Enqueue(SeenSpan.Read(span));
            }
        }

        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[5]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    /// <summary>The fields of a message that have this number, and are messages themselves.</summary>
    private static List<byte[]> Messages(byte[] message, int number)
    {
        var found = new List<byte[]>();
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == number && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                found.Add(input.ReadBytes().ToByteArray());
            else
                input.SkipLastField();
        }

        return found;
    }
}
