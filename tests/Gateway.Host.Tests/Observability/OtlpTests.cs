using System.Text;
using Gateway.Host.Configuration;
using Gateway.Host.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Gateway.Host.Tests.Observability;

public sealed class OtlpTests
{
    [Fact]
    public async Task A_collector_is_sent_the_metrics_over_grpc()
    {
        var sent = new TaskCompletionSource<(string Path, string Message)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var collector = await CollectorAsync(sent);
        var options = new GatewayOptions
        {
            Metrics = new MetricsOptions { OtlpEndpoint = collector.Urls.First(), OtlpInterval = TimeSpan.FromMilliseconds(100) },
        };
        await using var gateway = await TestGateway.StartAsync(options);

        var (path, message) = await sent.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", path);
        Assert.Contains("gateway.queue.depth", message, StringComparison.Ordinal);
        Assert.Contains("model-gateway", message, StringComparison.Ordinal);
        Assert.Null(gateway.Export.Address);
    }

    [Fact]
    public async Task A_collector_that_is_away_is_said_in_the_log()
    {
        await using var engine = await EngineStandIn.StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            new GatewayOptions { Traces = new TraceOptions { IsEnabled = true, Endpoint = TestGateway.RefusingUrl() } }, engine);
        (await gateway.ChatAsync()).Dispose();

        await gateway.Logs.WaitForAsync(static line => line.Contains("Metrics or traces are lost", StringComparison.Ordinal));
    }

    /// <summary>Answers every call with an empty message, as a collector does that has taken all.</summary>
    private static async Task<WebApplication> CollectorAsync(TaskCompletionSource<(string Path, string Message)> sent)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureEndpointDefaults(static endpoint => endpoint.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
            sent.TrySetResult((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
        });
        await app.StartAsync();
        return app;
    }
}
